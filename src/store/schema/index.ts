import { VERSION_1 } from './1-facts.ts'
import { VERSION_2 } from './2-sessions.ts'
import { VERSION_3 } from './3-reviews.ts'
import { VERSION_4 } from './4-runs.ts'
import { VERSION_5 } from './5-findings.ts'
import { VERSION_6 } from './6-locker.ts'
import { VERSION_7 } from './7-growth.ts'
import { VERSION_8 } from './8-outbox.ts'
import { VERSION_9 } from './9-publications.ts'
import { AUDIT } from './10-audit.ts'
import { PEOPLE } from './11-people.ts'
import { SEALED } from './12-sealed.ts'

/** What brings a store from version n to n + 1, from n = 0: only ever appended to. */
export const MIGRATIONS: readonly string[] = [
  VERSION_1,
  VERSION_2,
  VERSION_3,
  VERSION_4,
  VERSION_5,
  VERSION_6,
  VERSION_7,
  VERSION_8,
  VERSION_9,
  AUDIT,
  PEOPLE,
  SEALED,
]

/** SQLite's application_id of a store: `offc`. Any other SQLite file is refused. */
export const APPLICATION_ID = 0x6f666663
