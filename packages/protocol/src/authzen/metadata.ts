/**
 * `GET /.well-known/authzen-configuration`: where the endpoints are. For everybody, since it says
 * nothing of any account.
 *
 * The address is the one that the operator set. Without that, only a caller on this machine is
 * told the address that it used itself: whatever else stands in a host header is anybody's word.
 */
import type { HttpRequest, ProtocolSettings } from '../http.js'

export const METADATA_PATH = '/.well-known/authzen-configuration'

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?$/

/** Without a slash at the end; null where it is not known. */
const baseUrl = (request: HttpRequest, { publicUrl }: ProtocolSettings): string | null => {
  if (publicUrl !== undefined) return publicUrl
  const { host = '' } = request.headers
  return LOOPBACK.test(host) ? `${request.secure ? 'https' : 'http'}://${host}` : null
}

export const metadataOf = (
  request: HttpRequest,
  settings: ProtocolSettings,
): Readonly<Record<string, string>> | null => {
  const base = baseUrl(request, settings)
  if (base === null) return null
  return {
    policy_decision_point: base,
    access_evaluation_endpoint: `${base}/access/v1/evaluation`,
    access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    search_subject_endpoint: `${base}/access/v1/search/subject`,
    search_resource_endpoint: `${base}/access/v1/search/resource`,
    search_action_endpoint: `${base}/access/v1/search/action`,
  }
}
