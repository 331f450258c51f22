/** Whether a recorded call is one of those asked about. Pure. */
import type { AccessFilter, JudgeablePrincipal, JudgeableRef } from './questions.js'

export const passesAction = ({ actionPrefix = '' }: AccessFilter, action: string): boolean =>
  action.toLowerCase().startsWith(actionPrefix.toLowerCase())

export const passes = (
  filter: AccessFilter,
  { principal, action }: { readonly principal: JudgeablePrincipal; readonly action: string },
): boolean =>
  passesAction(filter, action) &&
  (filter.principals === undefined || filter.principals.some((asked) => isOf(asked, principal)))

const isOf = (asked: JudgeableRef, principal: JudgeablePrincipal): boolean => {
  switch (principal.type) {
    case 'Root':
      return asked.type === 'Root'
    case 'User':
      return asked.type === 'User' && asked.id === principal.userId
    case 'Role': {
      if (asked.type !== 'Role' || asked.id !== principal.roleId) return false
      const { sessionName } = asked
      return sessionName === undefined || sessionName === principal.sessionName
    }
  }
}
