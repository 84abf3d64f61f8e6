/** What a delivery is made of, and how far it has come. */
import { imageOf } from '../render/table.ts'

/** An image as the manifests of this repository name it. */
const anyImage = imageOf(String.raw`([\w-]+)`).replaceAll('.', String.raw`\.`)
const placeholder = new RegExp(String.raw`\b${anyImage}\b`, 'g')

/**
 * The manifests with the image of each function, by its digest, in the place of its name. Throws when one has no image, or when
 * an image is not named by its digest: whoever holds the name could change what runs.
 */
export function withImages(manifests: string, images: Record<string, string>): string {
  return manifests.replaceAll(placeholder, (_, name: string) => {
    const image = images[name]
    if (!image) throw new Error(`There is no image of ${name}.`)
    if (!/@sha256:[\da-f]{64}$/.test(image)) throw new Error(`The image of ${name} has no digest: ${image}`)
    return image
  })
}

/** A Knative Service, as far as its delivery goes. */
export type Service = {
  metadata: { name: string; generation: number }
  status?: {
    observedGeneration?: number
    latestReadyRevisionName?: string
    latestCreatedRevisionName?: string
    conditions?: { type: string; status: string; message?: string }[]
  }
}

/**
 * Whether a function answers with what was applied last. Its condition alone does not say: until Knative has seen the change it
 * is that of the revision before.
 */
export function standingOf({ metadata, status }: Service): { isReady: boolean; reason: string } {
  const {
    observedGeneration,
    latestCreatedRevisionName,
    latestReadyRevisionName,
    conditions = [],
  } = status ?? {}
  if (observedGeneration !== metadata.generation)
    return { isReady: false, reason: 'Knative has not seen it yet.' }
  const ready = conditions.find(({ type }) => type === 'Ready')
  const isLatest = latestCreatedRevisionName === latestReadyRevisionName
  return {
    isReady: ready?.status === 'True' && isLatest,
    reason: ready?.message ?? `${latestCreatedRevisionName} is not ready yet.`,
  }
}
