/** Whether a recorded call is one of those asked about. Pure. */
import type { AccessFilter, JudgeablePrincipal } from './questions.js'

export const passes = (
  { principal, actionPrefix = '' }: AccessFilter,
  call: { readonly principal: JudgeablePrincipal; readonly action: string },
): boolean => {
  if (!call.action.toLowerCase().startsWith(actionPrefix.toLowerCase())) return false
  if (principal === undefined) return true
  switch (call.principal.type) {
    case 'Root':
      return principal.type === 'Root'
    case 'User':
      return principal.type === 'User' && principal.id === call.principal.userId
    case 'Role': {
      if (principal.type !== 'Role' || principal.id !== call.principal.roleId) return false
      const { sessionName } = principal
      return sessionName === undefined || sessionName === call.principal.sessionName
    }
  }
}
