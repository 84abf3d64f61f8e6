import { closeSync, openSync, readSync } from 'node:fs'
import { expect, test } from 'vitest'
import { read } from './files.ts'

/** What `gcr.io/distroless/cc-debian13` has of what a program may ask for: libc6, libstdc++6, libgcc-s1 (and more). */
const baseLibraries = [
  'ld-linux-x86-64.so.2',
  'ld-linux-aarch64.so.1',
  'libc.so.6',
  'libdl.so.2',
  'libm.so.6',
  'libpthread.so.0',
  'libstdc++.so.6',
  'libgcc_s.so.1',
]

test('every library that Node asks for at its start is in its image', ({ skip }) => {
  skip(process.platform !== 'linux', 'the image has the binary of Linux, and this machine another one')
  const dockerfile = read('Dockerfile')
  const copied = [...dockerfile.matchAll(/\b(lib[\w+]+\.so\.\d+) \/libraries\//g)].map(([, name]) => name!)
  expect(dockerfile).toContain('COPY --from=build /libraries/ /usr/lib/\n')

  const needed = librariesOf('node_modules/node/bin/node')
  expect(needed).toContain('libc.so.6')
  expect(needed.filter((name) => ![...baseLibraries, ...copied].includes(name))).toEqual([])
})

/** The `NEEDED` entries of a 64-bit program, as its dynamic linker reads them (elf(5)). */
function librariesOf(path: string): string[] {
  const file = openSync(path, 'r')
  try {
    const bytes = (at: number, length: number) => {
      const buffer = Buffer.alloc(length)
      return buffer.subarray(0, readSync(file, buffer, 0, length, at))
    }
    const number = (buffer: Buffer, at: number) => Number(buffer.readBigUInt64LE(at))

    const header = bytes(0, 64)
    const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)]
    const table = bytes(number(header, 32), size * count)
    const segments = Array.from({ length: count }, (_, index) => table.subarray(index * size)).map(
      (entry) => ({
        type: entry.readUInt32LE(0),
        offset: number(entry, 8),
        address: number(entry, 16),
        length: number(entry, 32),
      }),
    )
    const [loaded, dynamic] = [1, 2]
    const { offset, length } = segments.find(({ type }) => type === dynamic)!
    const section = bytes(offset, length)
    const entries = Array.from({ length: length / 16 }, (_, index) => ({
      tag: number(section, index * 16),
      value: number(section, index * 16 + 8),
    }))

    const [needed, names] = [1, 5]
    const address = entries.find(({ tag }) => tag === names)!.value
    const holder = segments.find(
      (segment) =>
        segment.type === loaded && segment.address <= address && address < segment.address + segment.length,
    )!
    const strings = holder.offset + address - holder.address
    return entries
      .filter(({ tag }) => tag === needed)
      .map(
        ({ value }) =>
          bytes(strings + value, 256)
            .toString('latin1')
            .split('\0')[0]!,
      )
  } finally {
    closeSync(file)
  }
}
