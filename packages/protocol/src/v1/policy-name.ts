/**
 * The managed policy that a question is about, named by its ARN, and what that meant at a moment.
 */
import {
  type AccountId,
  AccountId as AccountIdCodec,
  findSystemPolicy,
  PolicyName,
  type PolicyRef,
} from '@grantlog/domain'
import { parseArn } from '@grantlog/policy'
import {
  type Between,
  bearingsOf,
  type HistoryState,
  type PoliciesNamed,
  policyBearers,
  policyByNameAt,
} from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { Fault } from '../rpc/faults.js'
import { nameAmbiguous } from './name-ambiguous.js'
import type { ReadFault } from './problem.js'

export type NamedPolicy = {
  readonly type: 'Custom' | 'System'
  /** Null for a policy of the system, which every account has. */
  readonly accountId: AccountId | null
  readonly policyName: PolicyName
}

/** The longest ARN of a policy. Unit: characters. */
export const POLICY_CHARACTERS_MAX = 256

export const POLICY_RULE =
  'the ARN of a policy, acs:ram::<uid>:policy/<name> or acs:ram::system:policy/<name>'

/** Null for anything else. The region may be `*`, as the operations of RAM write it. */
export const parsePolicyName = (arn: string): NamedPolicy | null => {
  const parsed = parseArn(arn)
  if (E.isLeft(parsed)) return null
  const { service, region, account, relativeId } = parsed.right
  const [kind, policyName, ...rest] = relativeId.split('/')
  if (service !== 'ram' || (region !== '' && region !== '*')) return null
  if (kind !== 'policy' || rest.length > 0 || !PolicyName.is(policyName)) return null
  if (account === 'system') return { type: 'System', accountId: null, policyName }
  return AccountIdCodec.is(account) ? { type: 'Custom', accountId: account, policyName } : null
}

/** The policy as a resource of grantlog's own actions. */
export const policyResource = (reader: string, { type, policyName }: NamedPolicy): string =>
  `acs:grantlog:*:${reader}:policy/${type === 'System' ? 'system/' : ''}${policyName}`

/** What a name meant at a position. `isNow`: where nothing has it, it means what had it before. */
export const policyMeant = (
  history: HistoryState,
  { type, accountId, policyName }: NamedPolicy,
  position: number,
  isNow: boolean,
): E.Either<Fault | ReadFault, PolicyRef> => {
  const missing: Fault = { type: 'PolicyNotFound', policyType: type, policyName }
  if (accountId === null) {
    const known = findSystemPolicy(policyName)
    return known === undefined
      ? E.left(missing)
      : E.right({ type: 'System', policyName: known.policyName })
  }
  const policyId = policyByNameAt(history, accountId, policyName, position)
  if (policyId !== undefined) return E.right({ type: 'Custom', policyId })
  const [only, ...others] = isNow ? policyBearers(history, accountId, policyName) : []
  if (only === undefined) return E.left(missing)
  if (others.length === 0) return E.right({ type: 'Custom', policyId: only })
  const named = { type: 'Policy', accountId, name: policyName } as const
  return E.left(nameAmbiguous('Policy', bearingsOf(history, named)))
}

/** What it meant at both positions; what is there at one of them alone is meant at both. */
export const policiesMeant = (
  history: HistoryState,
  named: NamedPolicy,
  { before, after }: Between,
  isNow: boolean,
): E.Either<Fault | ReadFault, PoliciesNamed> => {
  const was = policyMeant(history, named, before, false)
  const is = policyMeant(history, named, after, false)
  if (E.isRight(was) && E.isRight(is)) return E.right({ was: was.right, is: is.right })
  const one = E.isRight(is) ? is : policyMeant(history, named, before, isNow)
  return E.map((policy: PolicyRef) => ({ was: policy, is: policy }))(one)
}
