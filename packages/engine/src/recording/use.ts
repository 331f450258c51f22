/**
 * What one principal holds now, and which statements of it recorded access needed.
 */
import {
  type Decision,
  type PolicyInForce,
  type PolicySource,
  type Principal,
  parsePolicy,
  TIME_KEY,
} from '@grantlog/policy'
import { grantsOf, type HistoryPrincipal, type HistoryState, heldSpanAt } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { decideOn, trustToAssumeAt } from '../assumption.js'
import { type PastCall, withTime } from './past-call.js'
import type { PrincipalUse, Suggestion } from './questions.js'
import { type RawStatement, rawStatements, suggestedDocuments } from './suggest.js'

export type UseTracker = {
  readonly take: (call: PastCall, isAllowed: boolean, time: number) => void
  readonly use: () => PrincipalUse
}

/** How many different calls of one principal are kept. Unit: calls. */
const CALLS_KEPT_MAX = 50_000

/** How many resources are kept for one statement and action. */
const RESOURCES_KEPT_MAX = 1_000

type Tracked = {
  readonly raw: RawStatement
  readonly effect: 'Allow' | 'Deny'
  count: number
  lastUsed: number
  isCut: boolean
  readonly uses: Map<string, Set<string>>
}

type Held = {
  readonly policy: PolicyInForce
  readonly text: string
  readonly statements: Tracked[]
}

/** A statement that decided on a resource. */
type Deciding = { readonly statement: Tracked; readonly resource: string }

type Judged = { readonly isAllowed: boolean; readonly deciding: ReadonlyArray<Deciding> }

type Kept = { readonly call: PastCall; readonly judged: Judged; wasAllowed: boolean }

const heldOf = (history: HistoryState, principal: HistoryPrincipal, position: number) => {
  const { held } = heldSpanAt(history, principal, position)
  const all = (held?.held ?? []).flatMap(({ via, version }): ReadonlyArray<Held> => {
    const { text } = version.text
    const document = parsePolicy('identity', text)
    if (E.isLeft(document)) return []
    const raws = rawStatements(text)
    const statements = document.right.statements.map(({ effect }, index) => ({
      raw: raws[index] ?? {},
      effect,
      count: 0,
      lastUsed: 0,
      isCut: false,
      uses: new Map<string, Set<string>>(),
    }))
    const policy = { source: { ...version.source, via }, document: document.right }
    return [{ policy, text, statements }]
  })
  return { name: held?.label ?? '', all }
}

const principalOf = (
  { type, accountId, id }: HistoryPrincipal,
  name: string,
  call: PastCall,
): Principal => {
  if (type === 'User') return { type, accountId, userId: id, userName: name }
  const sessionName = call.principal.type === 'Role' ? call.principal.sessionName : ''
  return { type: 'Session', accountId, roleId: id, roleName: name, sessionName }
}

/** The same for the same policy in the same version, held through the same one. */
const nameOf = ({ policyType, policyName, versionId, via }: PolicySource): string =>
  JSON.stringify([policyType, policyName, versionId, via?.type, via?.id])

const noteUse = ({ statement, resource }: Deciding, action: string): void => {
  const resources = statement.uses.get(action) ?? new Set<string>()
  statement.uses.set(action, resources)
  if (resources.size < RESOURCES_KEPT_MAX) resources.add(resource)
  else if (!resources.has(resource)) statement.isCut = true
}

export const useTracker = (
  history: HistoryState,
  principal: HistoryPrincipal,
  position: number,
): UseTracker => {
  const { name, all } = heldOf(history, principal, position)
  const looksAtTime = all.some(({ text }) => text.toLowerCase().includes(TIME_KEY))
  const inForce = all.map(({ policy }) => policy)
  const byName = new Map(all.map(({ policy, statements }) => [nameOf(policy.source), statements]))
  const bySource = new Map(all.map(({ policy, statements }) => [policy.source, statements]))
  const kept = new Map<string, Kept>()
  const counts = { allowed: 0, denied: 0, notCovered: 0 }
  let isFull = false

  const decide = (
    call: PastCall,
    resource: string,
    time: number,
    identity: ReadonlyArray<PolicyInForce>,
  ): Decision => {
    const context = withTime(call, time)
    const { action } = call
    const asked = principalOf(principal, name, call)
    const request = { principal: asked, action, resources: [resource], context } as const
    return decideOn(request, { identity }, trustToAssumeAt(history, call, position))
  }
  const judge = (call: PastCall, time: number): Judged => {
    const deciding: Deciding[] = []
    let isAllowed = true
    for (const resource of call.resources) {
      const decision = decide(call, resource, time, inForce)
      if (decision.outcome !== 'Allow') isAllowed = false
      for (const { source, statementIndex } of decision.deciding) {
        const statement = bySource.get(source)?.[statementIndex]
        if (statement !== undefined) deciding.push({ statement, resource })
      }
    }
    return { isAllowed, deciding }
  }
  const judgedOf = (call: PastCall, wasAllowed: boolean, time: number): Judged => {
    if (call.hasTime && looksAtTime) return judge(call, time)
    const { action, resources, context } = call
    const key = JSON.stringify([action, resources, [...context]])
    const found = kept.get(key)
    if (found !== undefined) {
      found.wasAllowed ||= wasAllowed
      return found.judged
    }
    const judged = judge(call, time)
    if (kept.size < CALLS_KEPT_MAX) kept.set(key, { call, judged, wasAllowed })
    else isFull = true
    return judged
  }

  /** Whatever was allowed and still is must be allowed, and nothing that is denied now. */
  const check = (documents: ReadonlyArray<string>): boolean => {
    const source = { policyType: 'Custom', policyName: 'suggested', versionId: 'proposed' } as const
    const identity = documents.flatMap((text) => {
      const document = parsePolicy('identity', text)
      return E.isRight(document) ? [{ source, document: document.right }] : []
    })
    if (identity.length < documents.length) return false
    for (const { call, judged, wasAllowed } of kept.values()) {
      const allows = call.resources.every(
        (resource) => decide(call, resource, 0, identity).outcome === 'Allow',
      )
      if (wasAllowed && judged.isAllowed && !allows) return false
      if (!judged.isAllowed && allows) return false
    }
    return true
  }
  const suggest = (): Suggestion | undefined => {
    const statements = all.flatMap((held) => held.statements)
    const used = statements.filter(({ effect, uses }) => effect === 'Allow' && uses.size > 0)
    const denies = statements.filter(({ effect }) => effect === 'Deny').map(({ raw }) => raw)
    const documents = suggestedDocuments(used, denies)
    const isPartlyChecked = isFull || looksAtTime
    return check(documents) ? { documents, checked: kept.size, isPartlyChecked } : undefined
  }

  return {
    take: (call, wasAllowed, time) => {
      const { isAllowed, deciding } = judgedOf(call, wasAllowed, time)
      counts[wasAllowed ? 'allowed' : 'denied'] += 1
      if (wasAllowed && !isAllowed) counts.notCovered += 1
      for (const one of deciding) {
        const { statement } = one
        // An allow that was not recorded as one did nothing, whatever it would do now.
        if (statement.effect === 'Allow' && !(wasAllowed && isAllowed)) continue
        statement.count += 1
        statement.lastUsed = Math.max(statement.lastUsed, time)
        if (statement.effect === 'Allow') noteUse(one, call.action)
      }
    },
    use: () => {
      const grants = grantsOf(history, principal, position) ?? []
      const suggestion = suggest()
      return {
        principal,
        name,
        ...counts,
        grants: grants.map((grant) => ({
          grant,
          statements: (byName.get(nameOf(grant.source)) ?? []).map(
            ({ effect, count, lastUsed }, index) =>
              count === 0 ? { index, effect, count } : { index, effect, count, lastUsed },
          ),
        })),
        ...(suggestion === undefined ? {} : { suggestion }),
      }
    },
  }
}
