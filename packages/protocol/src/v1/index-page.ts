/**
 * `GET /v1/`: what there is under it. Everybody may read it, unsigned too, for it says nothing of
 * any account.
 */
import { IndexAnswer, OpenApiAnswer } from '@grantlog/client/shapes'
import type { HttpAnswer } from '../http.js'
import type { RouteAbout } from './about.js'
import type { Route } from './route.js'
import { SIGN_IN_ROUTES } from './sign-in-abouts.js'

export const INDEX_ABOUT: RouteAbout = {
  path: '/v1/',
  does: 'Lists the paths of the read API.',
  permission: null,
  query: [],
  body: null,
  shapes: { answer: IndexAnswer },
  answer: {
    paths: 'One item for each path: `method`, `path`, `does` and the `action` that permits it.',
  },
  example: {},
}

export const OPENAPI_PATH = '/v1/openapi.json'

export const OPENAPI_ABOUT: RouteAbout = {
  path: OPENAPI_PATH,
  does: 'Describes the read API for programs: an OpenAPI 3.1 document.',
  permission: null,
  query: [],
  body: null,
  shapes: { answer: OpenApiAnswer },
  answer: {
    openapi: 'The version of the format.',
    info: 'What is described.',
    security: 'How calls are signed.',
    paths: 'Each path with its parameters, its body and its answer.',
    components: 'The shapes of bodies and answers, by name.',
  },
  example: {},
}

/** What needs no signature, and no route of the table answers. */
export const OWN_ROUTES: ReadonlyArray<Pick<Route, 'method' | 'about'>> = [
  { method: 'GET', about: INDEX_ABOUT },
  { method: 'GET', about: OPENAPI_ABOUT },
  ...SIGN_IN_ROUTES,
]

/** `/v1` is answered too: it is what people type. */
export const isIndexPath = (path: string): boolean => path === '/v1/' || path === '/v1'

export const indexResponse = (routes: ReadonlyArray<Route>): HttpAnswer => {
  const indexed = [...OWN_ROUTES, ...routes]
  return {
    status: 200,
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: JSON.stringify({
      paths: indexed.map(({ method, about: { path, does, permission } }) => ({
        method,
        path,
        does,
        action: permission?.action ?? null,
      })),
    }),
  }
}
