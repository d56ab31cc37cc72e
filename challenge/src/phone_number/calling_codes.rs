//! Calling codes, the lengths of the numbers under them, and the regions they belong to.
//!
//! Facts from the metadata of libphonenumber 9.0.33 (`PhoneNumberMetadata.xml`), which follows the ITU's list of
//! assigned codes (annex to the ITU Operational Bulletin No. 1114) and the notices of its members: for each calling
//! code the main region and every possible length of any type of number. [`super`] says why a table of our own.

/// A calling code: its main region (ISO 3166-1 alpha-2, or `001` where it belongs to no country, such as
/// satellite phones), and how many digits may follow it.
pub(super) struct CallingCode {
    pub(super) digits: u16,
    region: &'static str,
    lengths: &'static [u8],
}

impl CallingCode {
    /// The calling code that `digits`, a number without its plus sign, begins with. No code begins with another,
    /// and none with a zero.
    pub(super) fn of(digits: &str) -> Option<Self> {
        if digits.starts_with('0') {
            return None;
        }
        (1..=3).find_map(|length| {
            let code: u16 = digits.get(..length)?.parse().ok()?;
            let at = CALLING_CODES.binary_search_by_key(&code, |&(digits, ..)| digits).ok()?;
            CALLING_CODES.get(at).map(|&(digits, region, lengths)| Self {
                digits,
                region,
                lengths,
            })
        })
    }

    /// Whether numbers of that region can be told from all others.
    pub(super) fn is_region(region: &str) -> bool {
        let mains = CALLING_CODES.iter().map(|&(_, main, _)| main);
        let sharing = SHARED.iter().map(|&(sharing, _)| sharing);
        region != "001" && mains.chain(sharing).any(|known| known == region)
    }

    /// How many digits the calling code has.
    pub(super) const fn length(&self) -> usize {
        if self.digits < 10 {
            1
        } else if self.digits < 100 {
            2
        } else {
            3
        }
    }

    /// Whether a number with this many digits after the calling code is possible.
    pub(super) fn allows(&self, national_digits: usize) -> bool {
        self.lengths
            .iter()
            .any(|&length| usize::from(length) == national_digits)
    }

    /// The region of `digits`, a number under this code without its plus sign: that of its first digits where
    /// regions share the code and can be told apart so, else the main one.
    pub(super) fn region(&self, digits: &str) -> Option<&'static str> {
        let sharing = SHARED
            .iter()
            .find(|(_, prefixes)| prefixes.iter().any(|prefix| digits.starts_with(prefix)));
        let region = sharing.map_or(self.region, |&(region, _)| region);
        (region != "001").then_some(region)
    }
}

/// The regions that share a calling code with a larger one, by what their numbers begin with. Left out are numbers
/// that do not differ from those of the main region: the mobile phones of Åland, the Christmas and Cocos
/// Islands, Svalbard, the Vatican and Western Sahara, and all of Saint Barthélemy and Saint Martin.
#[rustfmt::skip]
static SHARED: &[(&str, &[&str])] = &[
    // +1, by area code (North American Numbering Plan); the rest is the United States'.
    ("CA", &[
        "1204", "1226", "1236", "1249", "1250", "1257", "1263", "1289", "1306", "1343", "1354", "1365", "1367", "1368",
        "1382", "1403", "1416", "1418", "1428", "1431", "1437", "1438", "1450", "1468", "1474", "1506", "1514", "1519",
        "1548", "1579", "1581", "1584", "1587", "1604", "1613", "1639", "1647", "1672", "1683", "1705", "1709", "1742",
        "1753", "1778", "1780", "1782", "1807", "1819", "1825", "1867", "1873", "1879", "1902", "1905", "1942",
    ]),
    ("AG", &["1268"]), ("AI", &["1264"]), ("AS", &["1684"]), ("BB", &["1246"]), ("BM", &["1441"]), ("BS", &["1242"]),
    ("DM", &["1767"]), ("DO", &["1809", "1829", "1849", "18001"]), ("GD", &["1473"]), ("GU", &["1671"]),
    ("JM", &["1658", "1876"]), ("KN", &["1869"]), ("KY", &["1345"]), ("LC", &["1758"]), ("MP", &["1670"]),
    ("MS", &["1664"]), ("PR", &["1787", "1939"]), ("SX", &["1721"]), ("TC", &["1649"]), ("TT", &["1868"]),
    ("VC", &["1784"]), ("VG", &["1284"]), ("VI", &["1340"]),
    ("KZ", &["77"]),
    ("VA", &["3906698"]),
    ("GG", &["441481", "447781", "447839", "4479111", "4479117"]),
    ("IM", &["441624", "447524", "447624", "447924", "4474576"]),
    ("JE", &["441534", "447509", "4477003", "4477007", "4477008", "447797", "447829", "447937"]),
    ("SJ", &["4779"]),
    ("CC", &["6189162"]), ("CX", &["6189164"]),
    ("EH", &["2125288", "2125289"]),
    ("YT", &["262269", "262639"]),
    ("TA", &["2908"]),
    ("AX", &["35818"]),
    ("BQ", &["5993", "5994", "5997"]),
];

/// In ascending order, each with its main region and the possible lengths without it, cut to the 7 to 15 digits
/// in all that [`super::PhoneNumber`] allows.
#[rustfmt::skip]
static CALLING_CODES: &[(u16, &str, &[u8])] = &[
    (1, "US", &[10]), (7, "RU", &[10, 14]), (20, "EG", &[8, 9, 10]), (27, "ZA", &[5, 6, 7, 8, 9, 10]),
    (30, "GR", &[10, 11, 12]), (31, "NL", &[5, 6, 7, 8, 9, 10, 11]), (32, "BE", &[8, 9]), (33, "FR", &[9]),
    (34, "ES", &[9]), (36, "HU", &[8, 9]), (39, "IT", &[6, 7, 8, 9, 10, 11, 12]), (40, "RO", &[6, 9]),
    (41, "CH", &[9, 12]), (43, "AT", &[5, 6, 7, 8, 9, 10, 11, 12, 13]), (44, "GB", &[7, 9, 10]), (45, "DK", &[8]),
    (46, "SE", &[6, 7, 8, 9, 10, 12]), (47, "NO", &[5, 8]), (48, "PL", &[6, 7, 8, 9, 10]),
    (49, "DE", &[5, 6, 7, 8, 9, 10, 11, 12, 13]), (51, "PE", &[8, 9]), (52, "MX", &[10]),
    (53, "CU", &[6, 7, 8, 10]), (54, "AR", &[10, 11]), (55, "BR", &[8, 9, 10, 11]), (56, "CL", &[9, 10, 11]),
    (57, "CO", &[8, 10, 11]), (58, "VE", &[10]), (60, "MY", &[8, 9, 10]), (61, "AU", &[5, 6, 7, 8, 9, 10, 12]),
    (62, "ID", &[7, 8, 9, 10, 11, 12, 13]), (63, "PH", &[6, 8, 9, 10, 11, 12, 13]),
    (64, "NZ", &[5, 6, 7, 8, 9, 10]), (65, "SG", &[8, 10, 11]), (66, "TH", &[8, 9, 10, 13]),
    (81, "JP", &[8, 9, 10, 11, 12, 13]), (82, "KR", &[5, 6, 8, 9, 10, 11, 12, 13]), (84, "VN", &[7, 8, 9, 10]),
    (86, "CN", &[7, 8, 9, 10, 11, 12]), (90, "TR", &[7, 10, 12, 13]), (91, "IN", &[8, 9, 10, 11, 12, 13]),
    (92, "PK", &[8, 9, 10, 11, 12]), (93, "AF", &[9]), (94, "LK", &[9]), (95, "MM", &[6, 7, 8, 9, 10]),
    (98, "IR", &[5, 6, 7, 10]), (211, "SS", &[9]), (212, "MA", &[9]), (213, "DZ", &[8, 9]), (216, "TN", &[8]),
    (218, "LY", &[9]), (220, "GM", &[7]), (221, "SN", &[9]), (222, "MR", &[8]), (223, "ML", &[8]),
    (224, "GN", &[8, 9]), (225, "CI", &[10]), (226, "BF", &[8]), (227, "NE", &[8]), (228, "TG", &[8]),
    (229, "BJ", &[8, 10]), (230, "MU", &[7, 8, 10]), (231, "LR", &[7, 8, 9]), (232, "SL", &[8]),
    (233, "GH", &[8, 9]), (234, "NG", &[10, 11, 12]), (235, "TD", &[8]), (236, "CF", &[8]), (237, "CM", &[8, 9]),
    (238, "CV", &[7]), (239, "ST", &[7]), (240, "GQ", &[9]), (241, "GA", &[7, 8]), (242, "CG", &[9]),
    (243, "CD", &[7, 8, 9, 10]), (244, "AO", &[9]), (245, "GW", &[7, 9]), (246, "IO", &[7]), (247, "AC", &[5, 6]),
    (248, "SC", &[7]), (249, "SD", &[9]), (250, "RW", &[8, 9]), (251, "ET", &[9]), (252, "SO", &[6, 7, 8, 9]),
    (253, "DJ", &[8]), (254, "KE", &[7, 8, 9, 10]), (255, "TZ", &[9]), (256, "UG", &[9]), (257, "BI", &[8]),
    (258, "MZ", &[8, 9]), (260, "ZM", &[9]), (261, "MG", &[9]), (262, "RE", &[9]),
    (263, "ZW", &[5, 6, 7, 8, 9, 10]), (264, "NA", &[8, 9]), (265, "MW", &[7, 9]), (266, "LS", &[8]),
    (267, "BW", &[7, 8, 10]), (268, "SZ", &[8, 9]), (269, "KM", &[7]), (290, "SH", &[4, 5]), (291, "ER", &[7]),
    (297, "AW", &[7]), (298, "FO", &[6]), (299, "GL", &[6]), (350, "GI", &[8]), (351, "PT", &[9]),
    (352, "LU", &[4, 5, 6, 7, 8, 9, 10, 11]), (353, "IE", &[7, 8, 9, 10]), (354, "IS", &[7, 9]),
    (355, "AL", &[6, 7, 8, 9]), (356, "MT", &[8]), (357, "CY", &[8]), (358, "FI", &[5, 6, 7, 8, 9, 10, 11, 12]),
    (359, "BG", &[6, 7, 8, 9, 12]), (370, "LT", &[8]), (371, "LV", &[8]), (372, "EE", &[7, 8, 10]),
    (373, "MD", &[8]), (374, "AM", &[8]), (375, "BY", &[6, 7, 8, 9, 10, 11]), (376, "AD", &[6, 8, 9]),
    (377, "MC", &[8, 9]), (378, "SM", &[8, 10]), (380, "UA", &[9, 10]), (381, "RS", &[6, 7, 8, 9, 10, 11, 12]),
    (382, "ME", &[8, 9]), (383, "XK", &[8, 9, 10, 11, 12]), (385, "HR", &[7, 8, 9]), (386, "SI", &[5, 6, 7, 8]),
    (387, "BA", &[8, 9]), (389, "MK", &[8]), (420, "CZ", &[9, 10, 11, 12]), (421, "SK", &[6, 7, 9]),
    (423, "LI", &[7, 9]), (500, "FK", &[5]), (501, "BZ", &[7, 11]), (502, "GT", &[8, 11]), (503, "SV", &[7, 8, 11]),
    (504, "HN", &[8, 11]), (505, "NI", &[8]), (506, "CR", &[8, 10]), (507, "PA", &[7, 8, 10, 11]),
    (508, "PM", &[6, 9]), (509, "HT", &[8]), (590, "GP", &[9]), (591, "BO", &[8, 9]), (592, "GY", &[7]),
    (593, "EC", &[8, 9, 10, 11]), (594, "GF", &[9]), (595, "PY", &[6, 7, 8, 9, 10, 11]), (596, "MQ", &[9]),
    (597, "SR", &[6, 7]), (598, "UY", &[4, 5, 6, 7, 8, 9, 10, 11, 12]), (599, "CW", &[7, 8]), (670, "TL", &[7, 8]),
    (672, "NF", &[6]), (673, "BN", &[7]), (674, "NR", &[7]), (675, "PG", &[7, 8]), (676, "TO", &[5, 7]),
    (677, "SB", &[5, 7]), (678, "VU", &[5, 7]), (679, "FJ", &[7, 11]), (680, "PW", &[7]), (681, "WF", &[6, 9]),
    (682, "CK", &[5]), (683, "NU", &[4, 7]), (685, "WS", &[5, 6, 7, 10]), (686, "KI", &[5, 8]), (687, "NC", &[6]),
    (688, "TV", &[5, 6, 7]), (689, "PF", &[6, 8, 9]), (690, "TK", &[4, 5, 6, 7]), (691, "FM", &[7]),
    (692, "MH", &[7]), (800, "001", &[8]), (808, "001", &[8]), (850, "KP", &[8, 10]),
    (852, "HK", &[5, 6, 7, 8, 9, 11]), (853, "MO", &[7, 8]), (855, "KH", &[8, 9, 10]), (856, "LA", &[8, 9, 10]),
    (870, "001", &[9, 12]), (878, "001", &[12]), (880, "BD", &[6, 7, 8, 9, 10]), (881, "001", &[9, 10]),
    (882, "001", &[7, 8, 9, 10, 11, 12]), (883, "001", &[8, 9, 10, 11, 12]), (886, "TW", &[7, 8, 9, 10, 11]),
    (888, "001", &[11]), (960, "MV", &[7, 10]), (961, "LB", &[7, 8]), (962, "JO", &[8, 9]), (963, "SY", &[8, 9]),
    (964, "IQ", &[8, 9, 10]), (965, "KW", &[7, 8]), (966, "SA", &[9, 10]), (967, "YE", &[7, 8, 9]),
    (968, "OM", &[7, 8, 9]), (970, "PS", &[8, 9, 10]), (971, "AE", &[5, 6, 7, 8, 9, 10, 11, 12]),
    (972, "IL", &[7, 8, 9, 10, 11, 12]), (973, "BH", &[8]), (974, "QA", &[7, 8, 9, 11]), (975, "BT", &[7, 8]),
    (976, "MN", &[8, 9, 10]), (977, "NP", &[8, 10, 11]), (979, "001", &[9]), (992, "TJ", &[9]), (993, "TM", &[8]),
    (994, "AZ", &[9]), (995, "GE", &[9]), (996, "KG", &[9, 10]), (998, "UZ", &[9]),
];
