/**
 * A collector for a test: takes OTLP in JSON over HTTP on a free loopback port, and keeps it.
 */
import { createServer } from 'node:http'
import * as t from 'io-ts'

const Attribute = t.type({
  key: t.string,
  value: t.partial({ stringValue: t.string, intValue: t.union([t.number, t.string]) }),
})

const Linked = t.type({ traceId: t.string, spanId: t.string })

const Span = t.intersection([
  Linked,
  t.type({ name: t.string, kind: t.number, attributes: t.array(Attribute) }),
  t.partial({
    parentSpanId: t.string,
    links: t.array(Linked),
    status: t.partial({ code: t.number }),
  }),
])

const Export = t.type({
  resourceSpans: t.array(
    t.type({
      resource: t.type({ attributes: t.array(Attribute) }),
      scopeSpans: t.array(t.type({ spans: t.array(Span) })),
    }),
  ),
})

type Attributes = Readonly<Record<string, string | number>>

/** The number of a kind in OTLP. */
export const KIND = { Internal: 1, Server: 2, Client: 3, Producer: 4, Consumer: 5 } as const

export type CollectedSpan = {
  readonly service: string
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string
  /** The spans it is linked to, by their ids. */
  readonly links: ReadonlyArray<string>
  readonly attributes: Attributes
  readonly isFault: boolean
}

const read = (attributes: ReadonlyArray<t.TypeOf<typeof Attribute>>): Attributes =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  )

const spansOf = (body: string): ReadonlyArray<CollectedSpan> => {
  const decoded = Export.decode(JSON.parse(body))
  if (decoded._tag === 'Left') throw new Error(`this is no OTLP: ${body.slice(0, 200)}`)
  return decoded.right.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: String(read(resource.attributes)['service.name']),
        name: span.name,
        kind: span.kind,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        links: (span.links ?? []).map(({ spanId }) => spanId),
        attributes: read(span.attributes),
        isFault: span.status?.code === 2,
      })),
    ),
  )
}

export type Collector = {
  readonly url: string
  readonly spans: () => ReadonlyArray<CollectedSpan>
  /** Every body as it came. */
  readonly received: () => string
  readonly stop: () => Promise<void>
}

export const startCollector = async (): Promise<Collector> => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const isTraces = request.method === 'POST' && request.url === '/v1/traces'
      if (isTraces) bodies.push(Buffer.concat(chunks).toString('utf8'))
      response.writeHead(isTraces ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    spans: () => bodies.flatMap(spansOf),
    received: () => bodies.join('\n'),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
