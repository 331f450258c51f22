/**
 * The difference between two moments, as answers show it.
 */
import type {
  BearersDiff,
  BoundStatement,
  ChangedPrincipal,
  PolicyDiff,
  PrincipalDiff,
} from '@grantlog/views'
import { sourceMembers } from './deciding.js'
import { grantMembers, type Members, markMembers, optionalMark } from './marks.js'

const boundMembers = ({ statement, through }: BoundStatement): Members => ({
  statement,
  through: through.map(sourceMembers),
})

const replacedMembers = (
  diff: PrincipalDiff | BearersDiff | PolicyDiff,
  reader: string,
): Members => {
  if (!('replaced' in diff) || diff.replaced === undefined) return {}
  const { id, name = null, ended, began } = diff.replaced
  const events = { ended: markMembers(ended, reader), began: markMembers(began, reader) }
  return { replaced: { id, name, ...events } }
}

export const principalDiffMembers = (
  diff: PrincipalDiff | BearersDiff,
  reader: string,
): Members => ({
  nameBefore: diff.nameBefore ?? null,
  name: diff.name ?? null,
  ...optionalMark('named', diff.named, reader),
  ...replacedMembers(diff, reader),
  gained: diff.gained.map((grant) => grantMembers(grant, reader)),
  lost: diff.lost.map(({ source, ended, detached, left }) => ({
    policy: sourceMembers(source),
    ended: markMembers(ended, reader),
    ...optionalMark('detached', detached, reader),
    ...optionalMark('left', left, reader),
  })),
  turned: diff.turned.map(({ source, versionSet, versionBefore, added, removed }) => ({
    policy: sourceMembers(source),
    versionBefore,
    ...optionalMark('versionSet', versionSet, reader),
    added,
    removed,
  })),
  statements: {
    gained: diff.statements.gained.map(boundMembers),
    lost: diff.statements.lost.map(boundMembers),
  },
  groups: diff.groups.map((each) => ({ ...each, event: markMembers(each.event, reader) })),
  accessKeys: diff.accessKeys.map(({ accessKeyId, statusBefore, status, event }) => ({
    accessKeyId,
    statusBefore: statusBefore ?? null,
    status: status ?? null,
    event: markMembers(event, reader),
  })),
  ...(diff.trust === undefined
    ? {}
    : { trust: { ...diff.trust, event: markMembers(diff.trust.event, reader) } }),
})

export const policyDiffMembers = (diff: PolicyDiff, reader: string): Members => ({
  versionBefore: diff.versionBefore ?? null,
  version: diff.version ?? null,
  ...optionalMark('event', diff.event, reader),
  ...replacedMembers(diff, reader),
  added: diff.added,
  removed: diff.removed,
  attachments: diff.attachments.map((each) => ({
    ...each,
    event: markMembers(each.event, reader),
  })),
})

export const changedMembers = ({ principal, diff }: ChangedPrincipal, reader: string): Members => ({
  principalType: principal.type,
  principalId: principal.id,
  ...principalDiffMembers(diff, reader),
})
