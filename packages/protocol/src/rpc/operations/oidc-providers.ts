/**
 * The operations of IMS on OIDC providers.
 */
import {
  type ClientId,
  type Fingerprint,
  ISSUANCE_LIMIT_HOURS_DEFAULT,
  ISSUANCE_LIMIT_HOURS_MAX,
  IssuanceLimit,
  IssuerUrl,
  type ProviderId,
  type ProviderName,
} from '@grantlog/domain'
import type { Caller } from '@grantlog/engine'
import { findOIDCProvider, listOIDCProviders, type OIDCProviderRow } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done, doneAndShown, found } from '../answers.js'
import {
  clientIdText,
  fingerprintText,
  pageFields,
  providerDescriptionText,
  providerNameText,
} from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import { changed, integer, invalid, matching, needed, optional, type Reader } from '../fields.js'
import { pageMembers, pageRequest } from '../markers.js'
import { type Authorization, type Operation, operation, ramResource } from '../operation.js'
import { dateText } from '../records.js'
import type { Scene } from '../scene.js'

const providerName = needed('OIDCProviderName', providerNameText)

/** The longest list that is read: the quotas say how much of it is taken. Unit: characters. */
const LIST_CHARACTERS_MAX = 65_536

/** Texts between commas, none of them twice; none at all for empty text. */
const listOf =
  <A extends string>(item: Reader<A>): Reader<ReadonlyArray<A>> =>
  (value, name) => {
    if (value.length > LIST_CHARACTERS_MAX) return invalid(name, 'Length')
    const items: A[] = []
    for (const text of value === '' ? [] : value.split(',')) {
      const read = item(text.trim(), name)
      if (E.isLeft(read)) return read
      if (items.includes(read.right)) return invalid(name, 'Value')
      items.push(read.right)
    }
    return E.right(items)
  }

const issuanceLimit = optional('IssuanceLimitTime', (value, name) =>
  pipe(
    integer(1, ISSUANCE_LIMIT_HOURS_MAX)(value, name),
    E.flatMap((hours) => (IssuanceLimit.is(hours) ? E.right(hours) : invalid(name, 'Value'))),
  ),
)

const providerMembers = (row: OIDCProviderRow): AnswerMembers => ({
  OIDCProviderName: row.providerName,
  Arn: `acs:ram::${row.accountId}:oidc-provider/${row.providerName}`,
  IssuerUrl: row.issuerUrl,
  ClientIds: row.clientIds.join(','),
  Fingerprints: row.fingerprints.join(','),
  IssuanceLimitTime: row.issuanceLimitHours,
  Description: row.description ?? '',
  CreateDate: dateText(row.createdAt),
  UpdateDate: dateText(row.updatedAt),
  GmtCreate: String(row.createdAt),
  GmtModified: String(row.updatedAt),
})

const shown = ({ engine, caller }: Scene, providerName: ProviderName) =>
  pipe(
    found(findOIDCProvider(engine.views.directory, caller.accountId, providerName), {
      type: 'OIDCProviderNotFound' as const,
      providerName,
    }),
    E.map((row): AnswerMembers => ({ OIDCProvider: providerMembers(row) })),
  )

const createFields = {
  providerName,
  issuerUrl: needed('IssuerUrl', matching(IssuerUrl, 'Format')),
  clientIds: optional('ClientIds', listOf<ClientId>(clientIdText)),
  fingerprints: optional('Fingerprints', listOf<Fingerprint>(fingerprintText)),
  issuanceLimitHours: issuanceLimit,
  description: optional('Description', providerDescriptionText),
}

/** What an operation on one provider needs permission for. */
const onProvider =
  (name: string) =>
  ({ providerName }: { readonly providerName: string }, caller: Caller): Authorization => ({
    action: `ram:${name}`,
    resources: [ramResource(caller, `oidc-provider/${providerName}`)],
  })

const createOIDCProvider = operation({
  product: 'Ims',
  name: 'CreateOIDCProvider',
  kind: 'command',
  parameters: createFields,
  authorizes: onProvider('CreateOIDCProvider'),
  run: ({ clientIds = [], fingerprints = [], issuanceLimitHours, ...given }, scene) =>
    doneAndShown(
      scene,
      {
        type: 'CreateOIDCProvider',
        providerId: scene.engine.ids.providerId() as ProviderId,
        clientIds,
        fingerprints,
        issuanceLimitHours: issuanceLimitHours ?? DEFAULT_LIMIT,
        ...given,
      },
      () => TE.fromEither(shown(scene, given.providerName)),
    ),
})

const DEFAULT_LIMIT = ISSUANCE_LIMIT_HOURS_DEFAULT as IssuanceLimit

const getOIDCProvider = operation({
  product: 'Ims',
  name: 'GetOIDCProvider',
  kind: 'question',
  parameters: { providerName },
  authorizes: onProvider('GetOIDCProvider'),
  run: ({ providerName }, scene) => asked(scene, () => shown(scene, providerName)),
})

const updateFields = {
  providerName,
  newClientIds: optional('ClientIds', listOf<ClientId>(clientIdText)),
  newIssuanceLimitHours: issuanceLimit,
  newDescription: changed('NewDescription', providerDescriptionText),
}

const updateOIDCProvider = operation({
  product: 'Ims',
  name: 'UpdateOIDCProvider',
  kind: 'command',
  parameters: updateFields,
  authorizes: onProvider('UpdateOIDCProvider'),
  run: (parameters, scene) =>
    doneAndShown(scene, { type: 'UpdateOIDCProvider', ...parameters }, () =>
      TE.fromEither(shown(scene, parameters.providerName)),
    ),
})

const deleteOIDCProvider = operation({
  product: 'Ims',
  name: 'DeleteOIDCProvider',
  kind: 'command',
  parameters: { providerName },
  authorizes: onProvider('DeleteOIDCProvider'),
  run: (parameters, scene) => done(scene, { type: 'DeleteOIDCProvider', ...parameters }),
})

const listOIDCProvidersOperation = operation({
  product: 'Ims',
  name: 'ListOIDCProviders',
  kind: 'question',
  parameters: pageFields(100),
  authorizes: (_, caller) => ({
    action: 'ram:ListOIDCProviders',
    resources: [ramResource(caller, 'oidc-provider/*')],
  }),
  run: (parameters, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        pageRequest(scene.engine, accountId, 'ListOIDCProviders', parameters),
        E.map((request) => {
          const page = listOIDCProviders(directory, accountId, request)
          return {
            ...pageMembers(scene.engine, accountId, 'ListOIDCProviders', page),
            OIDCProviders: { OIDCProvider: page.items.map(providerMembers) },
          }
        }),
      ),
    ),
})

const clientFields = { providerName, clientId: needed('ClientId', clientIdText) }

const clientId = (name: 'AddClientIdToOIDCProvider' | 'RemoveClientIdFromOIDCProvider') =>
  operation({
    product: 'Ims',
    name,
    kind: 'command',
    parameters: clientFields,
    authorizes: onProvider(name),
    run: (parameters, scene) =>
      doneAndShown(scene, { type: name, ...parameters }, () =>
        TE.fromEither(shown(scene, parameters.providerName)),
      ),
  })

const fingerprintFields = { providerName, fingerprint: needed('Fingerprint', fingerprintText) }

const fingerprint = (name: 'AddFingerprintToOIDCProvider' | 'RemoveFingerprintFromOIDCProvider') =>
  operation({
    product: 'Ims',
    name,
    kind: 'command',
    parameters: fingerprintFields,
    authorizes: onProvider(name),
    run: (parameters, scene) =>
      doneAndShown(scene, { type: name, ...parameters }, () =>
        TE.fromEither(shown(scene, parameters.providerName)),
      ),
  })

export const OIDC_PROVIDER_OPERATIONS: ReadonlyArray<Operation> = [
  createOIDCProvider,
  getOIDCProvider,
  updateOIDCProvider,
  deleteOIDCProvider,
  listOIDCProvidersOperation,
  clientId('AddClientIdToOIDCProvider'),
  clientId('RemoveClientIdFromOIDCProvider'),
  fingerprint('AddFingerprintToOIDCProvider'),
  fingerprint('RemoveFingerprintFromOIDCProvider'),
]
