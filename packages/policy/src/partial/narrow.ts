/**
 * What of a policy speaks about one request: the statements whose actions and resources cover it.
 *
 * Invariant: a decision on what is left is the decision on the whole, but for the places of the
 * statements.
 */
import { questionsOf } from '../authorize.js'
import type { PolicyDocument, Statement } from '../document.js'
import type { AuthorizationRequest } from '../request.js'
import { covers } from '../statement.js'
import { type Bound, boundDocument } from './bounds.js'

/** Cuts documents to the statements that cover the request; each is looked through once. */
export const cutTo = ({
  action,
  resources,
  context,
}: Omit<AuthorizationRequest, 'principal'>): ((document: PolicyDocument) => PolicyDocument) => {
  const anybody = { type: 'Service', service: '' } as const
  const questions = questionsOf({ principal: anybody, action, resources, context })
  const isAsked = (statement: Statement): boolean =>
    questions.some((question) => covers(statement, question))
  return once(({ kind, statements }) => ({ kind, statements: statements.filter(isAsked) }))
}

/** The same, as they bind at a bound. */
export const narrowed = (
  bound: Bound,
  request: Omit<AuthorizationRequest, 'principal'>,
): ((document: PolicyDocument) => PolicyDocument) => {
  const cut = cutTo(request)
  return once((document) => boundDocument(bound, cut(document), request.context))
}

const once = (
  make: (document: PolicyDocument) => PolicyDocument,
): ((document: PolicyDocument) => PolicyDocument) => {
  const made = new Map<PolicyDocument, PolicyDocument>()
  return (document) => {
    const before = made.get(document)
    if (before !== undefined) return before
    const now = make(document)
    made.set(document, now)
    return now
  }
}

/** Whether somebody who holds the policy could be allowed something by it. */
export const mayAllow = ({ statements }: PolicyDocument): boolean =>
  statements.some(({ effect }) => effect === 'Allow')
