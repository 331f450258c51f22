/** The answers about the API itself. */
import * as t from 'io-ts'

export const IndexAnswer = t.type(
  {
    paths: t.readonlyArray(
      t.type({
        method: t.string,
        path: t.string,
        does: t.string,
        action: t.union([t.string, t.null]),
      }),
    ),
  },
  'IndexAnswer',
)
export type IndexAnswer = t.TypeOf<typeof IndexAnswer>

const Members = t.record(t.string, t.unknown)

/** An OpenAPI document, as far as grantlog vouches for its members. */
export const OpenApiAnswer = t.type(
  {
    openapi: t.string,
    info: Members,
    servers: t.readonlyArray(Members),
    security: t.readonlyArray(Members),
    paths: Members,
    components: Members,
  },
  'OpenApiAnswer',
)
export type OpenApiAnswer = t.TypeOf<typeof OpenApiAnswer>
