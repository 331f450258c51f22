/** The protocols' front door: requests in, responses out, without a socket. */
export {
  DEFAULT_PROTOCOL_SETTINGS,
  type HttpRequest,
  type HttpResponse,
  type ProtocolSettings,
  READ_API_BODY_BYTES_MAX,
  RPC_BODY_BYTES_MAX,
  URL_CHARACTERS_MAX,
} from './http.js'
export { rpcHandler, type RpcEnvironment } from './rpc/handle.js'
export { OPERATIONS } from './rpc/operations/table.js'
export type { Operation, Product } from './rpc/operation.js'
export { ERRORS, errorOf } from './rpc/errors.js'
export type { Fault } from './rpc/faults.js'
export type { WireError } from './rpc/wire-error.js'
export { AT_LEAST_HEADER, POSITION_HEADER } from './rpc/position-tokens.js'
export {
  inMemoryNonces,
  type NonceStore,
  type NonceStoreOptions,
  NONCES_MAX,
} from './signature/nonces.js'
export { readApiHandler, type ReadApiEnvironment } from './v1/handle.js'
