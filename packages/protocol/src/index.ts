/** The protocols' front door: requests in, responses out, without a socket. */
export { AUTHZEN_DESCRIBED } from './authzen/abouts.js'
export { authzenHandler } from './authzen/handle.js'
export {
  type CallNote,
  DEFAULT_PROTOCOL_SETTINGS,
  type HttpAnswer,
  type HttpRequest,
  type HttpResponse,
  type ProtocolSettings,
  READ_API_BODY_BYTES_MAX,
  RPC_BODY_BYTES_MAX,
  URL_CHARACTERS_MAX,
} from './http.js'
export { type OauthEnvironment, oauthHandler } from './oauth2/handle.js'
export { TOKEN_PATH } from './oauth2/token-path.js'
export { ERRORS, errorOf } from './rpc/errors.js'
export type { Fault } from './rpc/faults.js'
export { type RpcEnvironment, rpcHandler } from './rpc/handle.js'
export type { Operation } from './rpc/operation.js'
export { OPERATIONS } from './rpc/operations/table.js'
export { AT_LEAST_HEADER, POSITION_HEADER } from './rpc/position-tokens.js'
export { PRODUCT_VERSIONS, type Product } from './rpc/product.js'
export type { WireError } from './rpc/wire-error.js'
export { type ReceivedCall, receiveCall } from './signature/call.js'
export {
  inMemoryNonces,
  NONCES_MAX,
  type NonceStore,
  type NonceStoreOptions,
} from './signature/nonces.js'
export { encodePercent } from './signature/percent.js'
export { stringToSignV1 } from './signature/v1.js'
export { type SharedNonces, type Verified, verify } from './signature/verify.js'
export type { MemberAbout, RouteAbout } from './v1/about.js'
export { AuthenticateBody } from './v1/authenticate-body.js'
export { type ReadApiEnvironment, readApiHandler } from './v1/handle.js'
export { INDEX_ABOUT, OWN_ROUTES } from './v1/index-page.js'
export { type Definitions, type JsonSchema, schemaOf } from './v1/json-schema.js'
export { openApiOf } from './v1/openapi.js'
export { problemResponse, READ_PROBLEMS } from './v1/problem.js'
export { DecideBody } from './v1/question-members.js'
export { READ_ROUTES } from './v1/routes.js'
