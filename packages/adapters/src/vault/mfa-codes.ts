/**
 * Seeds of virtual MFA devices, kept sealed, and the codes that they give: TOTP with SHA-1, six
 * digits and steps of 30 seconds, as every authenticator app knows it.
 */
import { AuthenticationCode } from '@grantlog/domain'
import type { DeviceCodes, Vault, VaultError } from '@grantlog/engine'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { Secret, TOTP } from 'otpauth'
import type { Keyring } from './keyring.js'
import { keepSecret, readSecret } from './records.js'
import type { VaultStore } from './store.js'
import type { Transactions } from './transactions.js'

/** Unit: seconds. */
const STEP_SECONDS = 30
const CODE_DIGITS = 6

/** The codes of a seed, which is compared in constant time and given to nobody. */
export const deviceCodesOf = (seed: string): DeviceCodes => {
  const totp = new TOTP({
    secret: Secret.fromBase32(seed),
    algorithm: 'SHA1',
    digits: CODE_DIGITS,
    period: STEP_SECONDS,
  })
  return {
    stepOf: (code, at, stepsAway) => {
      // Of the same number of characters, but not of bytes, it would be a fault to compare it.
      if (!AuthenticationCode.is(code)) return null
      const delta = totp.validate({ token: code, timestamp: at, window: stepsAway })
      return delta === null ? null : totp.counter({ timestamp: at }) + delta
    },
  }
}

type Needs = {
  readonly store: VaultStore
  readonly keyring: Keyring
  readonly transactions: Transactions
  readonly attempt: <A>(job: () => Promise<A> | A) => TE.TaskEither<VaultError, A>
}

type Owner = { readonly accountId: string; readonly deviceId: string }

const ownerOf = ({ accountId, deviceId }: Owner) => ({ accountId, ownerId: deviceId })

export const mfaCalls = ({
  store,
  keyring,
  transactions,
  attempt,
}: Needs): Pick<Vault, 'putMFASeed' | 'mfaCodes' | 'codesOfSeed'> => ({
  putMFASeed: (ref, owner, seed) =>
    attempt(async () => {
      const done = await transactions.soon(() =>
        keepSecret(store, keyring, ref, ownerOf(owner), seed),
      )
      if (!done) throw new Error('another seed is kept under this reference')
    }),
  codesOfSeed: deviceCodesOf,
  mfaCodes: (ref, owner) =>
    pipe(
      attempt(() => readSecret(store, keyring, ref, ownerOf(owner))),
      TE.flatMapEither(
        (seed): E.Either<VaultError, DeviceCodes> =>
          seed === null ? E.left({ type: 'SecretNotFound', ref }) : E.right(deviceCodesOf(seed)),
      ),
    ),
})
