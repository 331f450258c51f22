/**
 * The hash of a password: argon2id, the library's own choice, with a pepper, and so much work at a
 * time and no more.
 *
 * A hash is kept as the id of its pepper and a PHC string, which says how much work it took.
 * Invariant: no hash is made with less work than `PASSWORD_WORK_FLOOR`, and none that asks for more
 * than `PASSWORD_WORK_CEILING` is checked.
 */
import { randomBytes } from 'node:crypto'
import type { PasswordsBusy } from '@grantlog/engine'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import * as E from 'fp-ts/lib/Either.js'
import type { Keyring } from './keyring.js'
import type { KeyOwner } from './rows.js'

/** How much work one hash takes. */
export type PasswordWork = { readonly memoryKib: number; readonly passes: number }

/** Source: security design, passwords. */
export const PASSWORD_WORK_DEFAULT: PasswordWork = { memoryKib: 64 * 1024, passes: 3 }
/** The least that OWASP recommends. */
export const PASSWORD_WORK_FLOOR: PasswordWork = { memoryKib: 19 * 1024, passes: 2 }
/** So that a hash from elsewhere can't ask for all memory. Ours. */
export const PASSWORD_WORK_CEILING: PasswordWork = { memoryKib: 256 * 1024, passes: 10 }

/** How many hashes are made at once. Unit: hashes. */
export const HASHES_AT_ONCE_MAX = 4
/** How many more may wait; whoever comes later is told to come again. Unit: hashes. */
export const HASHES_WAITING_MAX = 32

/** The longest password that is hashed. Unit: bytes. Longer ones are refused, never cut. */
const PASSWORD_BYTES_MAX = 1024

const LANES = 1

export type Checked = {
  readonly matches: boolean
  /** Whether the hash took less work than one that is made today. */
  readonly isWeak: boolean
}

export type PasswordHashing = {
  readonly make: (accountId: string, password: string) => Promise<E.Either<PasswordsBusy, string>>
  /** Null stands for nobody's hash: as much work, and never a match. */
  readonly check: (
    accountId: string,
    kept: string | null,
    password: string,
  ) => Promise<E.Either<PasswordsBusy, Checked>>
}

/** Lets so many jobs run, and so many more wait. */
const queue = () => {
  let running = 0
  const waiting: Array<() => void> = []
  return async <A>(job: () => Promise<A>): Promise<E.Either<PasswordsBusy, A>> => {
    if (running >= HASHES_AT_ONCE_MAX) {
      if (waiting.length >= HASHES_WAITING_MAX)
        return E.left({ type: 'Overloaded', waiting: waiting.length })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return E.right(await job())
    } finally {
      // Whoever waits takes the place over, so that none is given twice.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

const pepperOf = (accountId: string): KeyOwner => ({ kind: 'pepper', accountId, ownerId: '' })

const bytesOf = (password: string): Buffer => {
  const bytes = Buffer.from(password, 'utf8')
  if (bytes.length > PASSWORD_BYTES_MAX) throw new RangeError('a password is too long')
  return bytes
}

const isWithin = (phc: string, { memoryKib, passes }: PasswordWork): boolean => {
  const used = parseOptions(phc)
  return used.memoryCost <= memoryKib && used.timeCost <= passes && used.parallelism <= LANES
}

const isWeakerThan = (phc: string, { memoryKib, passes }: PasswordWork): boolean => {
  const used = parseOptions(phc)
  return used.memoryCost < memoryKib || used.timeCost < passes
}

/** Calls throw when the vault's file or root key cannot be reached, or when a hash is damaged. */
export const passwordHashing = (keyring: Keyring, work: PasswordWork): PasswordHashing => {
  const inTurn = queue()

  const make = async (accountId: string, password: string): Promise<string> => {
    const { id, key } = keyring.active(pepperOf(accountId))
    const secret = key.export()
    const options = {
      memoryCost: work.memoryKib,
      timeCost: work.passes,
      parallelism: LANES,
      secret,
    }
    try {
      return `${id}:${await hash(bytesOf(password), options)}`
    } finally {
      secret.fill(0)
    }
  }

  const check = async (accountId: string, kept: string, password: string): Promise<Checked> => {
    const colon = kept.indexOf(':')
    const phc = kept.slice(colon + 1)
    const key = keyring.find(Number(kept.slice(0, colon)), pepperOf(accountId))
    if (key === null) throw new Error('the pepper of a password is gone')
    if (!phc.startsWith('$argon2id$') || !isWithin(phc, PASSWORD_WORK_CEILING))
      throw new Error('the hash of a password is damaged')
    const secret = key.export()
    try {
      const matches = await verify(phc, bytesOf(password), { secret })
      return { matches, isWeak: isWeakerThan(phc, work) }
    } finally {
      secret.fill(0)
    }
  }

  let nobodys: Promise<string> | undefined
  /** Made before the first check of any password, so that it is not told by the time it takes. */
  const nobodysHash = (): Promise<string> => {
    nobodys ??= make('', randomBytes(32).toString('base64')).catch((fault) => {
      nobodys = undefined
      throw fault
    })
    return nobodys
  }

  return {
    make: (accountId, password) => inTurn(() => make(accountId, password)),
    check: (accountId, kept, password) =>
      inTurn(async () => {
        const other = await nobodysHash()
        if (kept !== null) return check(accountId, kept, password)
        await check('', other, password)
        return { matches: false, isWeak: false }
      }),
  }
}
