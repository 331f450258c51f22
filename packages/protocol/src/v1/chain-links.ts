/** The links of a session's chain as they are shown: with the subjects of providers in clear. */
import type { CallerRef } from '@grantlog/domain'
import type { Engine, EngineError } from '@grantlog/engine'
import * as TE from 'fp-ts/lib/TaskEither.js'

export type ShownLink<Link extends CallerRef> = Omit<Link, 'subject'> & {
  /** Whom a provider vouched for; null once that is erased. */
  readonly subject?: string | null
}

export const shownChain = <Link extends CallerRef>(
  { vault }: Engine,
  chain: ReadonlyArray<Link>,
): TE.TaskEither<EngineError, ReadonlyArray<ShownLink<Link>>> =>
  TE.traverseArray((link: Link): TE.TaskEither<EngineError, ShownLink<Link>> => {
    if (link.type !== 'Federated') return TE.right(link)
    const { accountId, subject: sealed } = link
    return TE.map((subject: string | null) => ({ ...link, subject }))(
      vault.openPersonal(accountId, accountId, 'subject', sealed),
    )
  })(chain)
