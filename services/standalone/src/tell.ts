/**
 * A timeline entry in plain words, for people.
 */
import type { TimelineEntry } from '@grantlog/views'

type Change = TimelineEntry['change']

const SIGNING_IN = {
  LoginProfileCreated: 'may sign in with a password',
  LoginProfileUpdated: 'must do other things to sign in',
  PasswordChanged: 'got another password',
  LoginProfileDeleted: 'may no longer sign in',
} as const

const sentenceOf = (change: Change): string => {
  switch (change.type) {
    case 'Created':
      return `created as ${change.name}`
    case 'Renamed':
      return `renamed from ${change.nameBefore} to ${change.name}`
    case 'Updated':
      return 'profile changed'
    case 'Deleted':
      return `deleted as ${change.name}`
    case 'SessionDurationChanged':
      return `longest session ${change.secondsBefore} s → ${change.seconds} s`
    case 'TrustChanged':
      return `trust policy ${change.versionBefore} → ${change.version}`
    case 'AccessKeyCreated':
      return `got AccessKey ${change.accessKeyId}`
    case 'AccessKeyDeleted':
      return `lost AccessKey ${change.accessKeyId}`
    case 'AccessKeyStatusChanged':
      return `AccessKey ${change.accessKeyId} became ${change.status}`
    case 'MFADeviceBound':
      return `got MFA device ${change.deviceName}`
    case 'MFADeviceUnbound':
      return `lost MFA device ${change.deviceName}`
    case 'LoginProfileCreated':
    case 'LoginProfileUpdated':
    case 'PasswordChanged':
    case 'LoginProfileDeleted':
      return SIGNING_IN[change.type]
    case 'GroupJoined':
      return `joined group ${change.groupName}`
    case 'GroupLeft':
      return `left group ${change.groupName}`
    case 'MemberAdded':
      return `took in ${change.userName}`
    case 'MemberRemoved':
      return `let go of ${change.userName}`
    case 'PolicyAttached':
    case 'PolicyDetached':
      return `${change.type === 'PolicyAttached' ? '+' : '-'} ${change.policy.policyName} ${change.versionId ?? ''} on ${change.target.type.toLowerCase()} ${change.target.name}`
    case 'DefaultVersionChanged':
      return `${change.policy.policyName}: ${change.versionBefore} → ${change.version}`
    case 'VersionCreated':
      return `got version ${change.versionId}`
    case 'VersionDeleted':
      return `lost version ${change.versionId}`
    case 'Did':
      return 'did this'
  }
}

/**
 * e.g. `2026-01-02 03:04:05.678  +  AliyunOTSReadOnlyAccess v2 on user alice   by
 * acs:ram::…:root`.
 */
export const tellEntry = ({ recordedAt, position, actor, change }: TimelineEntry): string => {
  const time = new Date(recordedAt).toISOString().replace('T', ' ').replace('Z', '')
  return `${time}  #${String(position).padEnd(4)} ${sentenceOf(change).padEnd(58)} by ${actor.arn}`
}
