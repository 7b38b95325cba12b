/** Messages that the outbox holds, for all receivers together; whatever comes then is summed up. */
export const OUTBOX_LIMIT = 100_000
