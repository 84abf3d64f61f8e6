import { useState } from 'react'
import { dayMax, dayMin } from '../dates/days.ts'

type Props = { label: string; min?: string; day: string; change: (day: string) => void }

/** A day that its form needs. What is typed on the way to one stays in the field, and holds up the form. */
export function DayInput({ label, min = dayMin, day, change }: Props) {
  const [text, setText] = useState(day)
  return (
    <input
      type="date"
      required
      aria-label={label}
      min={min}
      max={dayMax}
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        if (target.validity.valid) change(target.value)
      }}
    />
  )
}
