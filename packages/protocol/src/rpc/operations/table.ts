/**
 * The table of operations: everything that RAM, STS and IMS answer here. Adding an operation is
 * adding a row.
 */
import * as E from 'fp-ts/lib/Either.js'
import type { CallFault } from '../faults.js'
import type { Operation } from '../operation.js'
import { PRODUCT_VERSIONS, type Product } from '../product.js'
import { ACCESS_KEY_OPERATIONS } from './access-keys.js'
import { ACCOUNT_SETTING_OPERATIONS } from './account-settings.js'
import { ATTACHMENT_OPERATIONS } from './attachments.js'
import { CREDENTIAL_REPORT_OPERATIONS } from './credential-report.js'
import { DIAGNOSIS_OPERATIONS } from './diagnosis.js'
import { FEDERATED_OPERATIONS } from './federated.js'
import { GROUP_OPERATIONS } from './groups.js'
import { IMS_TWINS } from './ims.js'
import { IMS_ACCOUNT_OPERATIONS } from './ims-account.js'
import { LOGIN_PROFILE_OPERATIONS } from './login-profiles.js'
import { MFA_DEVICE_OPERATIONS } from './mfa-devices.js'
import { OIDC_PROVIDER_OPERATIONS } from './oidc-providers.js'
import { POLICY_OPERATIONS } from './policies.js'
import { POLICY_VERSION_OPERATIONS } from './policy-versions.js'
import { ROLE_OPERATIONS } from './roles.js'
import { SAML_PROVIDER_OPERATIONS } from './saml-providers.js'
import { STS_OPERATIONS } from './sts.js'
import { TAG_OPERATIONS } from './tags.js'
import { USER_OPERATIONS } from './users.js'

export const OPERATIONS: ReadonlyArray<Operation> = [
  ...USER_OPERATIONS,
  ...ACCESS_KEY_OPERATIONS,
  ...MFA_DEVICE_OPERATIONS,
  ...GROUP_OPERATIONS,
  ...ROLE_OPERATIONS,
  ...POLICY_OPERATIONS,
  ...POLICY_VERSION_OPERATIONS,
  ...ATTACHMENT_OPERATIONS,
  ...LOGIN_PROFILE_OPERATIONS,
  ...ACCOUNT_SETTING_OPERATIONS,
  ...TAG_OPERATIONS,
  ...DIAGNOSIS_OPERATIONS,
  ...STS_OPERATIONS,
  ...FEDERATED_OPERATIONS,
  ...IMS_TWINS,
  ...IMS_ACCOUNT_OPERATIONS,
  ...CREDENTIAL_REPORT_OPERATIONS,
  ...OIDC_PROVIDER_OPERATIONS,
  ...SAML_PROVIDER_OPERATIONS,
]

const PRODUCTS = Object.keys(PRODUCT_VERSIONS) as ReadonlyArray<Product>

const byVersion: ReadonlyMap<string, ReadonlyMap<string, Operation>> = new Map(
  Object.entries(PRODUCT_VERSIONS).map(([product, version]) => [
    version,
    new Map(
      OPERATIONS.flatMap((row) => (row.product === product ? [[row.name, row] as const] : [])),
    ),
  ]),
)

/** The product that a version belongs to; RAM when the version is unknown. */
export const productOf = (version: string | undefined): Product =>
  PRODUCTS.find((product) => PRODUCT_VERSIONS[product] === version) ?? 'Ram'

/** The row of a call. The version tells the product; names are compared with their case. */
export const findOperation = (action: string, version: string): E.Either<CallFault, Operation> => {
  const operations = byVersion.get(version)
  if (operations === undefined) return E.left({ type: 'VersionUnknown' })
  const row = operations.get(action)
  return row === undefined ? E.left({ type: 'ActionUnknown' }) : E.right(row)
}
