/** A part that cannot be had on this machine: the sentence says which, and what would help. */
export class Missing extends Error {}
