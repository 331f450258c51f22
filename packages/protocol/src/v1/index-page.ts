/**
 * `GET /v1/`: what there is under it. Everybody may read it, unsigned too, for it says nothing of
 * any account.
 */
import type { HttpAnswer } from '../http.js'
import type { RouteAbout } from './about.js'
import type { Route } from './route.js'

export const INDEX_ABOUT: RouteAbout = {
  path: '/v1/',
  does: 'Lists the paths of the read API.',
  permission: null,
  query: [],
  body: null,
  answer: {
    paths: 'One item for each path: `method`, `path`, `does` and the `action` that permits it.',
  },
  example: {},
}

/** `/v1` is answered too: it is what people type. */
export const isIndexPath = (path: string): boolean => path === '/v1/' || path === '/v1'

export const indexResponse = (routes: ReadonlyArray<Route>): HttpAnswer => {
  const indexed = [{ method: 'GET', about: INDEX_ABOUT } as const, ...routes]
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
