/**
 * What of a policy speaks about one request: the statements whose actions and resources cover it.
 *
 * Invariant: a decision on what is left is the decision on the whole, but for the places of the
 * statements.
 */
import { questionsOf } from '../authorize.js'
import type { PolicyDocument } from '../document.js'
import type { AuthorizationRequest } from '../request.js'
import { covers } from '../statement.js'
import { type Bound, boundDocument } from './bounds.js'

/** Documents as they bind at a bound, cut to the request; each is looked through once. */
export const narrowed = (
  bound: Bound,
  { action, resources, context }: Omit<AuthorizationRequest, 'principal'>,
): ((document: PolicyDocument) => PolicyDocument) => {
  const anybody = { type: 'Service', service: '' } as const
  const questions = questionsOf({ principal: anybody, action, resources, context })
  const known = new Map<PolicyDocument, PolicyDocument>()

  return (document) => {
    const before = known.get(document)
    if (before !== undefined) return before
    const statements = document.statements.filter((statement) =>
      questions.some((question) => covers(statement, question)),
    )
    const cut = boundDocument(bound, { kind: document.kind, statements }, context)
    known.set(document, cut)
    return cut
  }
}

/** Whether somebody who holds the policy could be allowed something by it. */
export const mayAllow = ({ statements }: PolicyDocument): boolean =>
  statements.some(({ effect }) => effect === 'Allow')
