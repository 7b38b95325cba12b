/** Of what kind the subjects of a register are. */
export const REGISTER_KINDS = ['devices', 'users'] as const
export type RegisterKind = (typeof REGISTER_KINDS)[number]

/** Where a list of the organisation's own devices or people lies, as the policy declares it. */
export interface RegisterDeclaration {
  readonly name: string
  /** As the policy wrote it: beside the policy file, unless it is absolute. */
  readonly file: string
  readonly holds: RegisterKind
  readonly scope: 'managed' | 'unmanaged'
  /** Columns or keys of which each names the subject in another way, as host name and hardware address do. */
  readonly fields: readonly string[]
  /** The column or key with the part of the organisation it belongs to; '' where there is none. */
  readonly group: string
}

/** What a register says of one subject. */
export interface Registered {
  readonly register: string
  readonly scope: 'managed' | 'unmanaged'
  /** Its directorate; '' where the register names none. */
  readonly group: string
}

/** One register with its entries under the store's pseudonyms. */
export interface Register {
  readonly name: string
  readonly holds: RegisterKind
  readonly scope: 'managed' | 'unmanaged'
  /** Of each entry the subjects that it may be, as facts name them: `device-` and its tag. */
  readonly entries: readonly (readonly string[])[]
  /** Rows that name nobody. */
  readonly nameless: number
}

/** All registers of a policy. */
export interface Registers {
  readonly list: readonly Register[]
  /** What is registered of a subject as facts name it. */
  readonly subjects: ReadonlyMap<string, Registered>
  /** Changes with anything that findings could depend on. */
  readonly hash: string
}

/** Where the policy declares none. */
export const NO_REGISTERS: Registers = { list: [], subjects: new Map(), hash: '' }
