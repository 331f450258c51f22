/**
 * The operations of IMS on SAML providers.
 */
import type { ProviderId, ProviderName, SamlMetadata } from '@grantlog/domain'
import { findSAMLProvider, listSAMLProviders, type SAMLProviderRow } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asked, done, doneAndShown, found } from '../answers.js'
import { pageFields, providerDescriptionText, providerNameText } from '../codecs.js'
import type { AnswerMembers } from '../envelope.js'
import type { Fault } from '../faults.js'
import { changed, needed, optional, text } from '../fields.js'
import { pageMembers, pageRequest } from '../markers.js'
import { type Operation, operation, ramResource } from '../operation.js'
import { dateText } from '../records.js'
import type { Scene } from '../scene.js'

/** Unit: characters of base64. Source: our own bound; what is in it is read elsewhere. */
const DOCUMENT_CHARACTERS_MAX = 100_000

const providerName = needed('SAMLProviderName', providerNameText)
const documentText = text(DOCUMENT_CHARACTERS_MAX)

const providerMembers = (row: SAMLProviderRow): AnswerMembers => ({
  SAMLProviderName: row.providerName,
  Arn: `acs:ram::${row.accountId}:saml-provider/${row.providerName}`,
  Description: row.description ?? '',
  CreateDate: dateText(row.createdAt),
  UpdateDate: dateText(row.updatedAt),
})

const wholeMembers = (row: SAMLProviderRow): AnswerMembers => ({
  ...providerMembers(row),
  EncodedSAMLMetadataDocument: row.metadata.document,
})

const shown = (
  { engine, caller }: Scene,
  providerName: ProviderName,
  members: (row: SAMLProviderRow) => AnswerMembers,
) =>
  pipe(
    found(findSAMLProvider(engine.views.directory, caller.accountId, providerName), {
      type: 'SAMLProviderNotFound' as const,
      providerName,
    }),
    E.map((row): AnswerMembers => ({ SAMLProvider: members(row) })),
  )

const createFields = {
  providerName,
  document: needed('EncodedSAMLMetadataDocument', documentText),
  description: optional('Description', providerDescriptionText),
}

const createSAMLProvider = operation({
  product: 'Ims',
  name: 'CreateSAMLProvider',
  kind: 'command',
  parameters: createFields,
  authorizes: ({ providerName }, caller) => ({
    action: 'ram:CreateSAMLProvider',
    resources: [ramResource(caller, `saml-provider/${providerName}`)],
  }),
  run: ({ document, ...given }, scene) =>
    pipe(
      scene.engine.readMetadata(document),
      TE.flatMap((metadata) => {
        const providerId = scene.engine.ids.providerId() as ProviderId
        const command = { type: 'CreateSAMLProvider', providerId, metadata, ...given } as const
        return doneAndShown(scene, command, () =>
          TE.fromEither(shown(scene, given.providerName, providerMembers)),
        )
      }),
    ),
})

const getSAMLProvider = operation({
  product: 'Ims',
  name: 'GetSAMLProvider',
  kind: 'question',
  parameters: { providerName },
  authorizes: ({ providerName }, caller) => ({
    action: 'ram:GetSAMLProvider',
    resources: [ramResource(caller, `saml-provider/${providerName}`)],
  }),
  run: ({ providerName }, scene) => asked(scene, () => shown(scene, providerName, wholeMembers)),
})

const updateFields = {
  providerName,
  document: optional('NewEncodedSAMLMetadataDocument', documentText),
  newDescription: changed('NewDescription', providerDescriptionText),
}

const readOptional = (
  { engine }: Scene,
  document: string | undefined,
): TE.TaskEither<Fault, { readonly newMetadata?: SamlMetadata }> =>
  document === undefined
    ? TE.right({})
    : TE.map((newMetadata: SamlMetadata) => ({ newMetadata }))(engine.readMetadata(document))

const updateSAMLProvider = operation({
  product: 'Ims',
  name: 'UpdateSAMLProvider',
  kind: 'command',
  parameters: updateFields,
  authorizes: ({ providerName }, caller) => ({
    action: 'ram:UpdateSAMLProvider',
    resources: [ramResource(caller, `saml-provider/${providerName}`)],
  }),
  run: ({ document, ...given }, scene) =>
    pipe(
      readOptional(scene, document),
      TE.flatMap((newMetadata) =>
        doneAndShown(scene, { type: 'UpdateSAMLProvider', ...given, ...newMetadata }, () =>
          TE.fromEither(shown(scene, given.providerName, providerMembers)),
        ),
      ),
    ),
})

const deleteSAMLProvider = operation({
  product: 'Ims',
  name: 'DeleteSAMLProvider',
  kind: 'command',
  parameters: { providerName },
  authorizes: ({ providerName }, caller) => ({
    action: 'ram:DeleteSAMLProvider',
    resources: [ramResource(caller, `saml-provider/${providerName}`)],
  }),
  run: (parameters, scene) => done(scene, { type: 'DeleteSAMLProvider', ...parameters }),
})

const listSAMLProvidersOperation = operation({
  product: 'Ims',
  name: 'ListSAMLProviders',
  kind: 'question',
  parameters: pageFields(100),
  authorizes: (_, caller) => ({
    action: 'ram:ListSAMLProviders',
    resources: [ramResource(caller, 'saml-provider/*')],
  }),
  run: (parameters, scene) =>
    asked(scene, (directory, accountId) =>
      pipe(
        pageRequest(scene.engine, accountId, 'ListSAMLProviders', parameters),
        E.map((request) => {
          const page = listSAMLProviders(directory, accountId, request)
          return {
            ...pageMembers(scene.engine, accountId, 'ListSAMLProviders', page),
            SAMLProviders: { SAMLProvider: page.items.map(providerMembers) },
          }
        }),
      ),
    ),
})

export const SAML_PROVIDER_OPERATIONS: ReadonlyArray<Operation> = [
  createSAMLProvider,
  getSAMLProvider,
  updateSAMLProvider,
  deleteSAMLProvider,
  listSAMLProvidersOperation,
]
