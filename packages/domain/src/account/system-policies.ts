/**
 * The catalogue of system policies: ready-made documents that belong to nobody and cannot be
 * written.
 *
 * One row per policy: its name, what it is for, and its versions with what each allows.
 */
import { nameKey, PolicyName, VersionId } from '../names.js'

export type SystemPolicyVersion = { readonly versionId: VersionId; readonly document: string }

export type SystemPolicy = {
  readonly policyName: PolicyName
  readonly description: string
  /** When the policy and all of its versions appeared, as RAM prints a time. */
  readonly createdAt: string
  readonly defaultVersion: VersionId
  /** Oldest first. Only versions that may be in force are kept. */
  readonly versions: ReadonlyArray<SystemPolicyVersion>
}

/** The catalogue is as old as the interface that serves it. */
const CREATED_AT = '2015-05-01T00:00:00Z'

type Grant =
  | { readonly Action: ReadonlyArray<string> }
  | { readonly NotAction: ReadonlyArray<string> }
type Row = readonly [policyName: string, version: string, description: string, grant: Grant]

const allow = (...actions: ReadonlyArray<string>): Grant => ({ Action: actions })
const allowAllBut = (...actions: ReadonlyArray<string>): Grant => ({ NotAction: actions })
const of = (product: string, ...verbs: ReadonlyArray<string>): ReadonlyArray<string> =>
  verbs.map((verb) => `${product}:${verb}`)

const ROWS: ReadonlyArray<Row> = [
  ['AdministratorAccess', 'v1', 'Everything in the account.', allow('*')],
  [
    'ReadOnlyAccess',
    'v1',
    'Reading in every product.',
    allow(
      ...of('*', 'Describe*', 'List*', 'Get*', 'BatchGet*', 'Query*', 'BatchQuery*'),
      'actiontrail:LookupEvents',
      'dm:Desc*',
      'dm:SenderStatistics*',
      'ram:GenerateCredentialReport',
    ),
  ],
  [
    'PowerUserAccess',
    'v1',
    'Everything but identities, permissions and the resource directory.',
    allowAllBut('ram:*', 'ims:*', 'resourcemanager:*'),
  ],
  [
    'AliyunSTSAssumeRoleAccess',
    'v1',
    'Assuming roles, where the roles agree.',
    allow('sts:AssumeRole'),
  ],
  ['AliyunRAMFullAccess', 'v1', 'Managing identities and permissions.', allow('ram:*')],
  [
    'AliyunRAMReadOnlyAccess',
    'v3',
    'Reading identities and permissions.',
    allow(
      ...of('ram', 'Get*', 'List*', 'GenerateCredentialReport'),
      ...of('accessanalyzer', 'Get*', 'List*'),
    ),
  ],
  ['AliyunOTSFullAccess', 'v1', 'Everything in Table Store.', allow('ots:*')],
  [
    'AliyunOTSReadOnlyAccess',
    'v2',
    'Reading in Table Store.',
    allow(
      ...of('ots', 'BatchGet*', 'Describe*', 'Get*', 'List*', 'Consume*', 'Search'),
      ...of('ots', 'ComputeSplits', 'ParallelScan', 'ComputeSplitPointsBySize', 'BulkExport'),
      ...of('ots', 'SQL*', 'Query*', 'Scan*', 'SplitTimeseriesScanTask'),
    ),
  ],
  [
    'AliyunOTSWriteOnlyAccess',
    'v2',
    'Writing in Table Store.',
    allow(
      ...of('ots', 'Create*', 'Update*', 'BatchWrite*', 'Delete*', 'Drop*', 'Put*'),
      ...of('ots', 'Start*', 'Commit*', 'Abort*', 'Add*', 'BulkImport'),
    ),
  ],
  ['AliyunOSSFullAccess', 'v1', 'Everything in Object Storage.', allow('oss:*')],
  [
    'AliyunOSSReadOnlyAccess',
    'v1',
    'Reading in Object Storage.',
    allow(...of('oss', 'Get*', 'List*')),
  ],
  ['AliyunIOTFullAccess', 'v1', 'Everything in the IoT Platform.', allow('iot:*')],
  [
    'AliyunIOTReadOnlyAccess',
    'v1',
    'Reading in the IoT Platform.',
    allow(...of('iot', 'Query*', 'List*', 'Get*', 'BatchGet*')),
  ],
  [
    'AliyunECSFullAccess',
    'v1',
    'Everything in Elastic Compute, and seeing its networks.',
    allow('ecs:*', 'vpc:DescribeVpcs', 'vpc:DescribeVSwitches'),
  ],
  [
    'AliyunECSReadOnlyAccess',
    'v1',
    'Reading in Elastic Compute.',
    allow(...of('ecs', 'Describe*', 'List*')),
  ],
]

const documentOf = (grant: Grant): string =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', ...grant, Resource: '*' }] })

const entry = ([policyName, versionId, description, grant]: Row): ReadonlyArray<
  readonly [string, SystemPolicy]
> =>
  PolicyName.is(policyName) && VersionId.is(versionId)
    ? [
        [
          nameKey(policyName),
          {
            policyName,
            description,
            createdAt: CREATED_AT,
            defaultVersion: versionId,
            versions: [{ versionId, document: documentOf(grant) }],
          },
        ],
      ]
    : []

/** Every system policy by its name without case, in the order of the catalogue. */
export const SYSTEM_POLICIES: ReadonlyMap<string, SystemPolicy> = new Map(ROWS.flatMap(entry))

/** The system policy of this name, whatever the case of its letters. */
export const findSystemPolicy = (name: string): SystemPolicy | undefined =>
  SYSTEM_POLICIES.get(nameKey(name))
