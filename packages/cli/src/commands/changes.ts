/**
 * Changes in plain words. What happened is named by the server; of a kind that this command does
 * not know the name is taken apart and the rest shown as it came, so that nothing is left out.
 */
import { isRecord, type Json, listAt, textAt, valueAt } from '../json.js'

const attachment =
  (verb: string) =>
  (change: Json): string =>
    [
      textAt(change, 'policy.policyName'),
      textAt(change, 'versionId'),
      verb,
      textAt(change, 'target.type').toLowerCase(),
      textAt(change, 'target.name'),
    ]
      .filter((word) => word !== '')
      .join(' ')

/** A call on record: what was asked for, on what. */
export const callWords = (deed: Json): string =>
  [textAt(deed, 'call.action'), ...listAt(deed, 'call.resources').map(String)].join(' ')

/**
 * The words that the name of a type is made of, e.g. `SAML provider created`: events are named by
 * what happened, and refusals by why.
 */
export const wordsOfType = (type: string): string =>
  type
    .split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word) => (/[A-Z]$/.test(word) ? word : word.toLowerCase()))
    .join(' ')

const ENDS: Readonly<Record<string, string>> = {
  Expired: 'its time was over',
  Revoked: 'it was revoked',
  CallerRevoked: 'a session that it came from was revoked',
  RoleDeleted: 'a role that it rests on was deleted',
  UserDeleted: 'the user it came from was deleted',
  ProviderDeleted: 'the identity provider it came from was deleted',
}

/** Why a session ended. */
export const endWords = (type: string): string => ENDS[type] ?? wordsOfType(type)
const REFUSED_AS: Readonly<Record<string, string>> = {
  KeyInactive: 'inactive',
  KeyDeleted: 'deleted',
  SessionExpired: 'expired',
  SessionRevoked: 'revoked',
  SessionEnded: 'ended',
}

const SHOWN: Readonly<Record<string, string>> = {
  Right: 'with the right secret',
  Wrong: 'with a wrong secret',
  AccessToken: 'with an access token from before',
  Unknown: 'with a secret that can no longer be checked',
}

const orItself = (words: Readonly<Record<string, string>>, word: string): string =>
  words[word] ?? word

/** Uses of a credential that were refused: why, with what, how many and from where. */
export const refusedWords = (deed: Json): string => {
  const told = (name: string): string => textAt(deed, `refused.${name}`)
  const reason = told('reason')
  const as = reason === 'SecretWrong' ? '' : ` as ${orItself(REFUSED_AS, reason)},`
  const isOne = told('uses') === '1'
  const addresses = told('addresses')
  const count = isOne
    ? 'once'
    : `${told('uses')} times since ${told('since')} from ${addresses} address${addresses === '1' ? '' : 'es'}`
  const from = told('sourceIp')
  const last = from === '' ? '' : `, ${isOne ? '' : 'the last '}from ${from}`
  return `was refused${as} ${orItself(SHOWN, told('proof'))}: ${count}${last}`
}

/** Which role was refused, where that is told, and why. */
export const refusedRoleWords = (deed: Json): string => {
  const name = textAt(deed, 'roleName')
  return `${name === '' ? 'a role' : `role ${name}`}: ${wordsOfType(textAt(deed, 'refusal'))}`
}

const WORDS: Readonly<Record<string, (change: Json) => string>> = {
  Created: (change) => `created as ${textAt(change, 'name')}`,
  Renamed: (change) => `renamed from ${textAt(change, 'nameBefore')} to ${textAt(change, 'name')}`,
  Updated: () => 'profile changed',
  Deleted: (change) => `deleted as ${textAt(change, 'name')}`,
  SessionDurationChanged: (change) =>
    `longest session ${textAt(change, 'secondsBefore')} s → ${textAt(change, 'seconds')} s`,
  TrustChanged: (change) =>
    `trust policy ${textAt(change, 'versionBefore')} → ${textAt(change, 'version')}`,
  AccessKeyCreated: (change) => `got AccessKey ${textAt(change, 'accessKeyId')}`,
  AccessKeyDeleted: (change) => `lost AccessKey ${textAt(change, 'accessKeyId')}`,
  AccessKeyStatusChanged: (change) =>
    `AccessKey ${textAt(change, 'accessKeyId')} became ${textAt(change, 'status')}`,
  MFADeviceBound: (change) => `got MFA device ${textAt(change, 'deviceName')}`,
  MFADeviceUnbound: (change) => `lost MFA device ${textAt(change, 'deviceName')}`,
  LoginProfileCreated: () => 'may sign in with a password',
  LoginProfileUpdated: () => 'must do other things to sign in',
  PasswordChanged: () => 'got another password',
  LoginProfileDeleted: () => 'may no longer sign in',
  GroupJoined: (change) => `joined group ${textAt(change, 'groupName')}`,
  GroupLeft: (change) => `left group ${textAt(change, 'groupName')}`,
  MemberAdded: (change) => `took in ${textAt(change, 'userName')}`,
  MemberRemoved: (change) => `let go of ${textAt(change, 'userName')}`,
  PolicyAttached: attachment('attached to'),
  PolicyDetached: attachment('detached from'),
  Began: (change) => `began as ${textAt(change, 'roleName')}/${textAt(change, 'sessionName')}`,
  Called: (change) => `called ${callWords(change)}: ${wordsOfType(textAt(change, 'call.outcome'))}`,
  RoleAssumed: (change) =>
    `assumed role ${textAt(change, 'roleName')} as ${textAt(change, 'sessionName')}`,
  RoleRefused: (change) => `was refused ${refusedRoleWords(change)}`,
  UsesRefused: refusedWords,
  Ended: (change) => `ended: ${endWords(textAt(change, 'by'))}`,
  VersionCreated: (change) => `got version ${textAt(change, 'versionId')}`,
  VersionDeleted: (change) => `lost version ${textAt(change, 'versionId')}`,
  DefaultVersionChanged: (change) =>
    `${textAt(change, 'policy.policyName')}: ${textAt(change, 'versionBefore')} → ${textAt(change, 'version')}`,
}

/** Single values of what nobody described, e.g. `session revoked by=…`. */
const asItCame = (change: Json): string =>
  isRecord(change)
    ? Object.entries(change)
        .map(([name, value]) =>
          name === 'type'
            ? wordsOfType(String(value))
            : `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
        )
        .join(' ')
    : textAt({ change }, 'change')

export const changeWords = (change: Json): string => {
  const words = WORDS[textAt(change, 'type')]
  return words === undefined ? asItCame(change) : words(change)
}

/** What was done with a credential: to whom or what, and what that made of it. */
export const doneWords = (deed: Json, eventType: string): string => {
  const [type, name] = [textAt(deed, 'subject.type'), textAt(deed, 'subject.name')]
  const change = valueAt(deed, 'change')
  if (change === undefined)
    return [wordsOfType(eventType), name].filter((words) => words !== '').join(': ')
  const subject = name === '' ? 'the account' : `${wordsOfType(type)} ${name}`
  return `${subject}: ${changeWords(change)}`
}
