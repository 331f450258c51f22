/** What was done with a credential, as answers show it. */
import type { AccountId } from '@grantlog/domain'
import type { Engine, EngineError, KeyDeed, SessionDeed } from '@grantlog/engine'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { isoText } from './moment.js'

type AnyDeed = KeyDeed | SessionDeed
type OfType<Type> = Extract<AnyDeed, { readonly type: Type }>
type Called = OfType<'Called'>
type UsesRefused = OfType<'UsesRefused'>

export type ShownDeed =
  | Exclude<AnyDeed, Called | UsesRefused>
  | (Omit<Called, 'call'> & {
      readonly call: Omit<Called['call'], 'time'> & { readonly time: string }
    })
  | (Omit<UsesRefused, 'refused'> & { readonly refused: ShownRefused })

type ShownRefused = Omit<UsesRefused['refused'], 'since' | 'sourceIp' | 'subject'> & {
  readonly since: string
  /** Null once whoever it is sealed for is erased; absent where it was never known. */
  readonly sourceIp?: string | null
}

const shownRefused = (
  { vault }: Engine,
  accountId: AccountId,
  { sourceIp: sealed, subject, since, ...told }: UsesRefused['refused'],
): TE.TaskEither<EngineError, ShownRefused> => {
  const shown = { ...told, since: isoText(since) }
  if (sealed === undefined) return TE.right(shown)
  const opened = vault.openPersonal(accountId, subject, 'sourceIp', sealed)
  return TE.map((sourceIp: string | null) => ({ ...shown, sourceIp }))(opened)
}

const shownDeed =
  (engine: Engine, accountId: AccountId) =>
  (deed: AnyDeed): TE.TaskEither<EngineError, ShownDeed> => {
    switch (deed.type) {
      case 'Called':
        return TE.right({ ...deed, call: { ...deed.call, time: isoText(deed.call.time) } })
      case 'UsesRefused':
        return TE.map((refused: ShownRefused) => ({ ...deed, refused }))(
          shownRefused(engine, accountId, deed.refused),
        )
      case 'Told':
      case 'Changed':
      case 'RoleAssumed':
      case 'RoleRefused':
        return TE.right(deed)
    }
  }

/** With times as texts, and in clear from where somebody came who was refused. */
export const shownDeeds = (
  engine: Engine,
  accountId: AccountId,
  deeds: ReadonlyArray<AnyDeed>,
): TE.TaskEither<EngineError, ReadonlyArray<ShownDeed>> =>
  TE.traverseArray(shownDeed(engine, accountId))(deeds)
