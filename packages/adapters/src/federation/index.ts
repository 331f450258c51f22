/** Identity providers of others: OIDC issuers and SAML providers. */
export { openFederation } from './open-federation.js'
export type { OutboundSettings } from './outbound.js'
