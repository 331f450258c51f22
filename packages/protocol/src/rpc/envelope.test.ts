/** Envelopes: the bytes that clients parse. */
import { describe, expect, it } from 'vitest'
import { type Addressee, errorResponse, successResponse } from './envelope.js'
import { OPERATIONS } from './operations/table.js'
import { wireError } from './wire-error.js'
import { toXml } from './xml.js'

const to: Addressee = {
  requestId: '04F0F334-1335-436C-A1D7-6C044FE73368',
  format: 'JSON',
  host: 'ram.example.com',
  product: 'Ram',
  action: 'ListUsers',
}
const xml: Addressee = { ...to, format: 'XML' }

describe('an answer', () => {
  it('given JSON, then the RequestId stands beside the members', () => {
    const { status, headers, body } = successResponse(to, { Users: { User: [] } })
    expect([status, headers['content-type']]).toEqual([200, 'application/json;charset=utf-8'])
    expect(body).toBe(`{"RequestId":"${to.requestId}","Users":{"User":[]}}`)
  })

  it('given XML, then lists are repeated elements and text is escaped', () => {
    const members = {
      IsTruncated: false,
      Users: { User: [{ UserName: 'a<&>"\'' }, { UserName: 'b' }] },
    }
    const { headers, body } = successResponse(xml, members)
    expect(headers['content-type']).toBe('text/xml;charset=utf-8')
    expect(body).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><ListUsersResponse>' +
        `<RequestId>${to.requestId}</RequestId><IsTruncated>false</IsTruncated>` +
        '<Users><User><UserName>a&lt;&amp;&gt;&quot;&apos;</UserName></User>' +
        '<User><UserName>b</UserName></User></Users></ListUsersResponse>',
    )
  })

  it('given characters that XML cannot hold, then they are replaced', () => {
    expect(toXml('A', 'x\u0000\uD800y\u{1F600}\n')).toBe('<A>x\uFFFD\uFFFDy\u{1F600}\n</A>')
  })

  it('given an error, then code, message and where to read more are there', () => {
    const error = wireError(404, 'EntityNotExist.User', 'The user does not exist.')
    const { status, body } = errorResponse(to, error)
    expect(status).toBe(404)
    expect(JSON.parse(body)).toEqual({
      RequestId: to.requestId,
      HostId: 'ram.example.com',
      Code: 'EntityNotExist.User',
      Message: 'The user does not exist.',
      Recommend:
        'https://api.aliyun.com/troubleshoot?q=EntityNotExist.User&product=Ram' +
        `&requestId=${to.requestId}`,
    })
    expect(errorResponse(xml, error).body).toContain('<Error><RequestId>')
  })
})

describe('the table of operations', () => {
  it('given any two rows, then their names differ', () => {
    const names = OPERATIONS.map(({ product, name }) => `${product}:${name}`)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toHaveLength(126)
  })
})
