import { Hono } from 'hono'
import { afterAll, describe, expect, test } from 'vitest'
import { configure } from '../runtime/config.ts'
import { callerNetwork } from './address.ts'
import type { Env } from './env.ts'

const app = new Hono<Env>().get('/', (c) => c.text(callerNetwork(c)))

async function networkOf(address: string | undefined, forwardedFor?: string): Promise<string> {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  const reply = await app.request('/', { headers }, { functionName: 'test', address })
  return reply.text()
}

describe('without TRUST_FORWARDED_FOR', () => {
  test('the other end of the connection counts, whatever the caller writes', async () => {
    expect(await networkOf('192.0.2.1', '203.0.113.9')).toBe('192.0.2.1')
  })

  test.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
    ['2001:0db8:0000:0000::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('%s is of the network %s', async (address, network) => {
    expect(await networkOf(address)).toBe(network)
  })
})

describe('with TRUST_FORWARDED_FOR', () => {
  const trusting = async (forwardedFor?: string) => {
    configure({ TRUST_FORWARDED_FOR: 'true' })
    return networkOf('10.0.0.7', forwardedFor)
  }
  afterAll(() => configure({ TRUST_FORWARDED_FOR: '' }))

  test.each([
    ['one proxy', '203.0.113.9', '203.0.113.9'],
    [
      'proxies of the cluster behind the one that faces the world',
      '203.0.113.9, 10.1.2.3, 172.16.0.4',
      '203.0.113.9',
    ],
    ['what the caller wrote in front', '198.51.100.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['a private address that the caller wrote in front', '10.9.9.9, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['words', 'unknown, "><script>, 203.0.113.9', '203.0.113.9'],
    ['ports', '203.0.113.9:4711, 10.1.2.3:80', '203.0.113.9'],
    ['IPv6 with a port', '[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64'],
    ['callers within the private network', '10.9.9.9, 10.1.2.3', '10.9.9.9'],
    ['nothing that is an address', 'unknown', '10.0.0.7'],
    ['no header', undefined, '10.0.0.7'],
  ])('%s', async (_, forwardedFor, network) => {
    expect(await trusting(forwardedFor)).toBe(network)
  })
})
