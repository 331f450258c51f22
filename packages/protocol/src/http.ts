/**
 * An HTTP request and its response as plain values: what a server hands in and writes out, without
 * a socket.
 */

/**
 * A request as it was received. Header names are lower-case; `rawUrl` is the path and the query as
 * sent.
 */
export type HttpRequest = {
  readonly method: string
  readonly rawUrl: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer | string
  readonly remoteAddress: string
  /** Whether the request came over TLS. */
  readonly secure: boolean
}

export type HttpResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What an operator may choose about the protocols. */
export type ProtocolSettings = {
  /** Refuses calls that did not come over TLS. Off for a server on the loopback address. */
  readonly secureTransportRequired: boolean
}

export const DEFAULT_PROTOCOL_SETTINGS: ProtocolSettings = { secureTransportRequired: false }

/**
 * The longest request line's path and query. Unit: characters. A SAML assertion fills half of it.
 */
export const URL_CHARACTERS_MAX = 512 * 1024

/** The largest body of an RPC call. Unit: bytes. */
export const RPC_BODY_BYTES_MAX = 1024 * 1024

/** The largest body of a call to the read API. Unit: bytes. */
export const READ_API_BODY_BYTES_MAX = 64 * 1024
