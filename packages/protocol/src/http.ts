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
  /**
   * The span that stands for this request, in the place of the caller's own: the header itself may
   * be signed and stays as it came.
   */
  readonly traceparent?: string
}

/** A node that listens on IPv6 sees IPv4 callers in a longer spelling. */
export const plainAddress = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address

/** What an operator may be told of a call. Nothing in it was chosen by the caller. */
export type CallNote = {
  readonly requestId: string
  /** The operation or the path that was found for it; absent where none was. */
  readonly operation?: string | undefined
  /** Whether it asks for a change. */
  readonly isCommand: boolean
  /** Of the caller, once its signature was verified. */
  readonly accountId?: string | undefined
  /** Of the refusal or the fault. */
  readonly errorCode?: string | undefined
}

/** What goes over the wire. */
export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Each is a header `set-cookie` of its own. */
  readonly cookies?: ReadonlyArray<string>
  /** Written in place of the body, piece by piece: the next is made when one was taken. */
  readonly lines?: AsyncIterable<string>
}

export type HttpResponse = HttpAnswer & { readonly note: CallNote }

/** What an operator may choose about the protocols. */
export type ProtocolSettings = {
  /** Refuses calls that did not come over TLS. Off for a server on the loopback address. */
  readonly secureTransportRequired: boolean
  /** Under which address clients reach this server, without a slash at the end. */
  readonly publicUrl?: string
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
