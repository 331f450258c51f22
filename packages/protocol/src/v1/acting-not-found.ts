/** What is answered where an entity is to act as somebody who is not there. */
import type { PrincipalName } from '@grantlog/domain'
import type { ProblemRows } from './problem-rows.js'

/** `pointer` is a JSON pointer into the body. */
export type ActingNotFound = {
  readonly type: 'ActingNotFound'
  readonly principal: PrincipalName
  readonly pointer: string
}

export const ACTING_PROBLEMS: ProblemRows<ActingNotFound> = {
  ActingNotFound: ({ principal, pointer }) => ({
    status: 404,
    code: `EntityNotExist.${principal.type}`,
    detail:
      principal.type === 'User'
        ? `There is no user ${principal.userName} to act as.`
        : `There is no role ${principal.roleName} to act as.`,
    pointer,
  }),
}
