//! As much DER as public keys and certificates need.

/// Reads the modulus and exponent of an `RSAPublicKey` (RFC 8017 A.1.1), big-endian without leading zeros.
pub(super) fn rsa_public_key(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, rest) = element(der, 0x30)?;
    if !rest.is_empty() {
        return None;
    }
    let (modulus, rest) = element(sequence, 0x02)?;
    let (exponent, rest) = element(rest, 0x02)?;
    rest.is_empty()
        .then(|| (without_zeros(modulus), without_zeros(exponent)))
}

/// Splits off the element at the start of `der`: its contents and what follows.
pub(crate) fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    if first != tag {
        return None;
    }
    let (&length, rest) = rest.split_first()?;
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        let length = digits
            .iter()
            .fold(0, |length, &digit| (length << 8) | usize::from(digit));
        (length, rest)
    };
    rest.split_at_checked(length)
}

pub(super) fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::rsa_public_key;

    #[test]
    fn an_rsa_public_key_is_a_sequence_of_two_numbers() {
        let der = [0x30, 0x08, 0x02, 0x03, 0x00, 0xff, 0x01, 0x02, 0x01, 0x03];
        assert_eq!(rsa_public_key(&der), Some((&[0xff, 0x01][..], &[0x03][..])));
        assert_eq!(rsa_public_key(&der[..9]), None);
        assert_eq!(rsa_public_key(&[&der[..], &[0]].concat()), None);
    }

    proptest! {
        #[test]
        fn no_input_makes_it_panic(der in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = rsa_public_key(&der);
        }
    }
}
