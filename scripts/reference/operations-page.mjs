/**
 * The page of operations. Each row of the table is asked to prepare a call whose parameters take
 * note of who reads them: so the page shows the parameters, and the permission, that the code
 * really looks at.
 */
import { GENERATED, table } from './domain-pages.mjs'
import { OPERATION_REFUSALS } from './operation-refusals.mjs'
import { OPERATION_SENTENCES } from './operation-sentences.mjs'

const UID = '1000000000000001'
const DOCUMENT = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
const TRUST =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",' +
  `"Principal":{"RAM":["acs:ram::${UID}:root"]}}]}`

/** A good value for each parameter. Names stand for themselves, so that they are found again. */
const SAMPLES = {
  UserName: 'UserName',
  NewUserName: 'NewUserName',
  UserPrincipalName: `UserName@${UID}.onaliyun.com`,
  NewUserPrincipalName: `NewUserName@${UID}.onaliyun.com`,
  GroupName: 'GroupName',
  NewGroupName: 'NewGroupName',
  RoleName: 'RoleName',
  PolicyName: 'PolicyName',
  PolicyType: 'Custom',
  UserAccessKeyId: 'LTAI5tUserAccessKeyId001',
  Status: 'Active',
  VersionId: 'v1',
  PolicyDocument: DOCUMENT,
  AssumeRolePolicyDocument: TRUST,
  NewAssumeRolePolicyDocument: TRUST,
  NewDescription: 'NewDescription',
  RoleArn: `acs:ram::${UID}:role/RoleName`,
  RoleSessionName: 'RoleSessionName',
  VirtualMFADeviceName: 'VirtualMFADeviceName',
  SerialNumber: `acs:ram::${UID}:mfa/VirtualMFADeviceName`,
  AuthenticationCode1: '123456',
  AuthenticationCode2: '123457',
  ResourceType: 'role',
  ResourceNames: '["RoleName"]',
  Tag: '[{"Key":"team","Value":"dev"}]',
  TagKeys: '["team"]',
  EncodedDiagnosticMessage: 'AQEAAAAA',
  Password: 'a good long password',
  OldPassword: 'a good long password',
  NewPassword: 'another long password',
  AccountAlias: 'account-alias',
  DefaultDomainName: 'account-alias.onaliyun.com',
  OIDCProviderName: 'OIDCProviderName',
  SAMLProviderName: 'SAMLProviderName',
  OIDCProviderArn: `acs:ram::${UID}:oidc-provider/OIDCProviderName`,
  SAMLProviderArn: `acs:ram::${UID}:saml-provider/SAMLProviderName`,
  OIDCToken: 'OIDCToken',
  SAMLAssertion: 'SAMLAssertion',
  IssuerUrl: 'https://issuer.example',
  ClientId: 'ClientId',
  Fingerprint: 'a053375bfe84e8b748782c7cee15827a6af5a405',
  EncodedSAMLMetadataDocument: 'EncodedSAMLMetadataDocument',
}

/** What one operation means by a parameter that others have too. */
const OWN_SAMPLES = {
  ListUsers: { Status: 'active' },
  ListUserBasicInfos: { Status: 'active' },
}

/** Some operations are a user's own affair. */
const USER = {
  type: 'User',
  accountId: UID,
  userId: '200000000000000001',
  userName: 'UserName',
  accessKeyId: 'LTAI5tUserAccessKeyId001',
}
const USERS_OWN = new Set(['ChangePassword'])

const ROOT = { type: 'Root', accountId: UID, accessKeyId: 'LTAI5tRootAccessKeyId001' }

/** Prepares a call without one parameter, and says which ones were read. */
const prepareWithout = (row, left, others = {}) => {
  const read = new Set()
  const get = (name) => {
    read.add(name)
    return name === left
      ? undefined
      : (others[name] ?? OWN_SAMPLES[row.name]?.[name] ?? SAMPLES[name])
  }
  const given = { get, has: () => false }
  return { prepared: row.prepare(given, USERS_OWN.has(row.name) ? USER : ROOT), read: [...read] }
}

const withPlaces = (resource, isOfBoth) =>
  resource
    .replaceAll(UID, '<uid>')
    .replace(
      /\/((New)?(User|Group|Role|Policy|VirtualMFADevice|OIDCProvider|SAMLProvider)Name)$/,
      '/<$1>',
    )
    .replace(
      /role\/<RoleName>$/,
      isOfBoth ? 'role/<RoleName>` or `acs:ram:*:<uid>:policy/<PolicyName>' : '$&',
    )
    .replace(/\/LTAI5tUserAccessKeyId001$/, '/<UserAccessKeyId>')

const permission = ({ authorization }, isOfBoth) =>
  authorization === null
    ? ['none of its own', '']
    : [
        `\`${authorization.action}\``,
        authorization.resources
          .map((resource) => `\`${withPlaces(resource, isOfBoth)}\``)
          .join(' and '),
      ]

/** The codes that are its own; those of every call stand on the page of errors. */
const refusalsOf = ({ product, name }, isOfRam) =>
  product === 'Ims' && isOfRam && OPERATION_REFUSALS[name]?.length > 0
    ? "those of RAM's, by the names of these parameters"
    : (OPERATION_REFUSALS[name] ?? []).map((code) => `\`${code}\``).join(', ')

const rowOf = (row, sentences, missing, namesOfRam) => {
  const { name } = row
  const command = sentences.get(name)?.sentence
  const own = OPERATION_SENTENCES[name]
  const sentence = command ?? own
  if (sentence === undefined) missing.push(`the operation ${name} has no sentence`)
  if (command !== undefined && own !== undefined) missing.push(`${name} has two sentences`)
  const { prepared, read } = prepareWithout(row, undefined)
  if (prepared._tag === 'Left') {
    missing.push(`${name} cannot be prepared: ${JSON.stringify(prepared.left)}`)
    return undefined
  }
  const parameters = read
    .filter((parameter) => !/^(Tag|TagKeys|ResourceNames)\.\d/.test(parameter))
    .map((parameter) => {
      const isLacking = (others) => prepareWithout(row, parameter, others).prepared._tag === 'Left'
      const isNeeded = isLacking({}) && isLacking({ All: 'true' })
      return isNeeded ? `**${parameter}**` : parameter
    })
  return [
    `\`${name}\``,
    sentence ?? '',
    parameters.join(', '),
    // What names its kind of resource beside the names may be about either kind.
    ...permission(prepared.right, read.includes('ResourceType')),
    refusalsOf(row, namesOfRam.has(name)),
  ]
}

const HEAD = ['operation', 'what it does', 'parameters', 'action', 'resource', 'refusals']

const OPENING =
  'What clients may call, with the permission that each call needs of its caller. Parameters in bold ' +
  'are required. A policy of the catalogue is the resource `acs:ram:*:system:policy/<PolicyName>`. ' +
  'An operation without a permission of its own decides by itself: AssumeRole by the policies of the ' +
  "caller (`sts:AssumeRole` on the role's ARN) together with the trust policy of the role, and " +
  'AssumeRoleWithOIDC and AssumeRoleWithSAML, which are not signed, by what they carry and the trust ' +
  'policy alone.\n\n' +
  'The refusals are those that an operation has beside the ones of every call: of signatures, of missing ' +
  'parameters and permissions, of throttling. A test shows each of them through the official client.\n'

export const operationsPage = ({ operations, sentences }) => {
  const missing = []
  const known = new Set(operations.map(({ name }) => name))
  const ofRam = operations.filter(({ product }) => product === 'Ram')
  const namesOfRam = new Set(ofRam.map(({ name }) => name))
  for (const name of Object.keys(OPERATION_SENTENCES))
    if (!known.has(name)) missing.push(`a sentence is about ${name}, which is no operation`)
  const section = (product, title) => {
    const rows = operations
      .filter((row) => row.product === product)
      .map((row) => rowOf(row, sentences, missing, namesOfRam))
      .filter((row) => row !== undefined)
    return `## ${title}\n\n${table(HEAD, rows)}\n`
  }
  const sections = [
    section('Ram', 'RAM 2015-05-01'),
    section('Sts', 'STS 2015-04-01'),
    section('Ims', 'IMS 2019-08-15'),
  ]
  return { text: [GENERATED, '# Operations\n', OPENING, ...sections].join('\n'), missing }
}
