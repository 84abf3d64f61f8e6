/** Where a request comes from, as far as it can be told. */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import type { Context } from 'hono'
import { config } from '../runtime/config.ts'
import type { Env } from './env.ts'

/**
 * The network that a request comes from: an IPv4 address, or the first 64 bits of an IPv6 address, because one subscriber
 * has all of them; `unknown` when it cannot be told.
 *
 * It is the other end of the connection. With TRUST_FORWARDED_FOR it is taken from `x-forwarded-for`, to which each proxy
 * appends: read from the right, the first address that is not private is the one that our outermost proxy saw. What stands
 * to the left of it was sent by the caller, who may write anything.
 */
export function callerNetwork(c: Context<Env>): string {
  const forwarded = config('limits').TRUST_FORWARDED_FOR
    ? outermost(c.req.header('x-forwarded-for'))
    : undefined
  const address = forwarded ?? c.env?.address
  return address === undefined ? 'unknown' : network(address)
}

function outermost(forwardedFor: string | undefined): string | undefined {
  const addresses = (forwardedFor ?? '')
    .split(',')
    .map((entry) => withoutPort(entry.trim()))
    .filter((entry) => isIP(entry))
  return addresses.findLast((address) => !isPrivate(address)) ?? addresses[0]
}

/** Some load balancers write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
const withoutPort = (entry: string): string =>
  entry.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1').replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')

const privateNetworks = new BlockList()
for (const [start, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateNetworks.addSubnet(start, prefix, 'ipv4')
}
privateNetworks.addAddress('::1', 'ipv6')
privateNetworks.addSubnet('fc00::', 7, 'ipv6')
privateNetworks.addSubnet('fe80::', 10, 'ipv6')

const isPrivate = (address: string): boolean =>
  privateNetworks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')

function network(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  return isIPv6(address) ? `${expand(address).slice(0, 4).join(':')}::/64` : address
}

/** The groups of an IPv6 address, those that `::` stands for too, without leading zeros. */
function expand(address: string): string[] {
  const [left = [], right = []] = address.split('::').map((part) => (part ? part.split(':') : []))
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].map((group) => parseInt(group, 16).toString(16))
}
