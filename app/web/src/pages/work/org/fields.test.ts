import { expect, it } from 'vitest'
import { fromIdentity, identityFits, memberForm } from './fields'

it('checks an identity number by its last place (GB 11643)', () => {
  for (const good of ['11010519491231002X', '440524188001010014', '110101199003070011', '11010519491231002x', '１１０１０５１９４９１２３１００２X']) expect(identityFits(good), good).toBe(true)
  for (const bad of ['110105194912310021', '11010519491231002', '', '11010519491231002XX', 'A1010519491231002X']) expect(identityFits(bad), bad).toBe(false)
})

it('reads birth and sex from it', () => {
  expect(fromIdentity('11010519491231002X')).toEqual({ birth: '1949-12-31', sex: 'female' })
  expect(fromIdentity('440524188001010014')).toEqual({ birth: '1880-01-01', sex: 'male' })
  expect(fromIdentity('110105********002X')).toBeNull()
})

it('makes the form of a file, with defaults where it says nothing', () => {
  const form = memberForm({ id: 'm', name: '李文芳', mobile: true, identity: '110105********002X', note: null })
  expect(form).toMatchObject({ name: '李文芳', mobile: true, identity: '110105********002X', note: '', standing: 'normal' })
  expect(form).not.toHaveProperty('id')
})
