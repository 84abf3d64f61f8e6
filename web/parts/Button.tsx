import type { ButtonHTMLAttributes } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import styles from './Button.module.css'

type Look = 'plain' | 'primary' | 'quiet' | 'danger'
type Props = ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; icon?: IconName }

export function Button({ look = 'plain', icon, type = 'button', className = '', children, ...rest }: Props) {
  return (
    <button type={type} className={`${styles.button} ${styles[look] ?? ''} ${className}`} {...rest}>
      {icon && <Icon name={icon} size={18} />}
      {children}
    </button>
  )
}

type IconProps = Omit<Props, 'look' | 'icon' | 'children'> & { icon: IconName; label: string }

/** A button that shows an icon alone; `label` is its name, and shows as its tooltip. */
export function IconButton({ icon, label, type = 'button', className = '', ...rest }: IconProps) {
  return (
    <button
      type={type}
      className={`${styles.button} ${styles.icon} ${className}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  )
}
