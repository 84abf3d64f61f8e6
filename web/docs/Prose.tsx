import { Fragment } from 'react'

/** A description of the document: Markdown, of which ours uses the code span alone. */
export const Prose = ({ text }: { text: string }) =>
  text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? <code key={index}>{part}</code> : <Fragment key={index}>{part}</Fragment>,
    )
