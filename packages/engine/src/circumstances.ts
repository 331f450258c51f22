/** The circumstances of what grantlog records by itself, since nobody was proved to call. */
import type { AccountId, Actor, Sealed } from '@grantlog/domain'
import * as E from 'fp-ts/lib/Either.js'
import type { Circumstances, EngineError } from './engine-error.js'
import type { Ids, Vault } from './ports.js'

/** Within which call something happens, and from where. */
export type CallScene = {
  readonly requestId: string
  /** Absent where only another service knows it. */
  readonly sourceIp?: string
  readonly traceparent?: string
}

/** A part of grantlog, as the one who does something in an account. */
export const partActor = (accountId: AccountId, part: string): Actor => ({
  accountId,
  principalType: 'System',
  principalId: part,
  arn: `acs:grantlog::${accountId}:${part}`,
})

type Needs = {
  readonly vault: Pick<Vault, 'sealPersonal'>
  readonly ids: Pick<Ids, 'uuid'>
}

/** The address is sealed with the key of `subject`: a UserId, or the account's uid. */
export const circumstancesWithin = async (
  { vault, ids }: Needs,
  actor: Actor,
  subject: string,
  { requestId, sourceIp, traceparent }: CallScene,
): Promise<E.Either<EngineError, Circumstances>> => {
  const sealed =
    sourceIp === undefined
      ? E.right(undefined)
      : await vault.sealPersonal(actor.accountId, subject, 'sourceIp', sourceIp)()
  if (E.isLeft(sealed)) return sealed
  return E.right({
    commandId: ids.uuid(),
    requestId,
    actor,
    ...(sealed.right === undefined ? {} : { sourceIp: sealed.right as Sealed }),
    ...(traceparent === undefined ? {} : { traceparent }),
  })
}
