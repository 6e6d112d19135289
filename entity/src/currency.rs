//! Currencies: those of ISO 4217 that money is paid in today, and how many decimals each has.
//!
//! The list is that of the standard without funds, precious metals, codes for testing and what has been replaced by another.
//! Codes and digits are those of the crate `iso_currency` 0.7.1; the codes were compared with Debian's `iso-codes`. A table of
//! our own makes each a word of the contract, and needs no dependency. A currency that comes is added; one that goes stays,
//! since what was booked in it stays.

use Currency::{
    Bhd, Bif, Clp, Djf, Gnf, Iqd, Isk, Jod, Jpy, Kmf, Krw, Kwd, Lyd, Omr, Pyg, Rwf, Tnd, Ugx, Vnd, Vuv, Xaf, Xof, Xpf,
};

crate::vocabulary! {
    /// A currency, by its ISO 4217 code.
    Currency {
        /// United Arab Emirates dirham.
        Aed = "AED",
        /// Afghan afghani.
        Afn = "AFN",
        /// Albanian lek.
        All = "ALL",
        /// Armenian dram.
        Amd = "AMD",
        /// Angolan kwanza.
        Aoa = "AOA",
        /// Argentine peso.
        Ars = "ARS",
        /// Australian dollar.
        Aud = "AUD",
        /// Aruban florin.
        Awg = "AWG",
        /// Azerbaijani manat.
        Azn = "AZN",
        /// Bosnia and Herzegovina convertible mark.
        Bam = "BAM",
        /// Barbados dollar.
        Bbd = "BBD",
        /// Bangladeshi taka.
        Bdt = "BDT",
        /// Bahraini dinar.
        Bhd = "BHD",
        /// Burundian franc.
        Bif = "BIF",
        /// Bermudian dollar.
        Bmd = "BMD",
        /// Brunei dollar.
        Bnd = "BND",
        /// Boliviano.
        Bob = "BOB",
        /// Brazilian real.
        Brl = "BRL",
        /// Bahamian dollar.
        Bsd = "BSD",
        /// Bhutanese ngultrum.
        Btn = "BTN",
        /// Botswana pula.
        Bwp = "BWP",
        /// Belarusian ruble.
        Byn = "BYN",
        /// Belize dollar.
        Bzd = "BZD",
        /// Canadian dollar.
        Cad = "CAD",
        /// Congolese franc.
        Cdf = "CDF",
        /// Swiss franc.
        Chf = "CHF",
        /// Chilean peso.
        Clp = "CLP",
        /// Renminbi (Chinese) yuan.
        Cny = "CNY",
        /// Colombian peso.
        Cop = "COP",
        /// Costa Rican colon.
        Crc = "CRC",
        /// Cuban peso.
        Cup = "CUP",
        /// Cape Verdean escudo.
        Cve = "CVE",
        /// Czech koruna.
        Czk = "CZK",
        /// Djiboutian franc.
        Djf = "DJF",
        /// Danish krone.
        Dkk = "DKK",
        /// Dominican peso.
        Dop = "DOP",
        /// Algerian dinar.
        Dzd = "DZD",
        /// Egyptian pound.
        Egp = "EGP",
        /// Eritrean nakfa.
        Ern = "ERN",
        /// Ethiopian birr.
        Etb = "ETB",
        /// Euro.
        Eur = "EUR",
        /// Fiji dollar.
        Fjd = "FJD",
        /// Falkland Islands pound.
        Fkp = "FKP",
        /// Pound sterling.
        Gbp = "GBP",
        /// Georgian lari.
        Gel = "GEL",
        /// Ghanaian cedi.
        Ghs = "GHS",
        /// Gibraltar pound.
        Gip = "GIP",
        /// Gambian dalasi.
        Gmd = "GMD",
        /// Guinean franc.
        Gnf = "GNF",
        /// Guatemalan quetzal.
        Gtq = "GTQ",
        /// Guyanese dollar.
        Gyd = "GYD",
        /// Hong Kong dollar.
        Hkd = "HKD",
        /// Honduran lempira.
        Hnl = "HNL",
        /// Haitian gourde.
        Htg = "HTG",
        /// Hungarian forint.
        Huf = "HUF",
        /// Indonesian rupiah.
        Idr = "IDR",
        /// Israeli new shekel.
        Ils = "ILS",
        /// Indian rupee.
        Inr = "INR",
        /// Iraqi dinar.
        Iqd = "IQD",
        /// Iranian rial.
        Irr = "IRR",
        /// Icelandic króna.
        Isk = "ISK",
        /// Jamaican dollar.
        Jmd = "JMD",
        /// Jordanian dinar.
        Jod = "JOD",
        /// Japanese yen.
        Jpy = "JPY",
        /// Kenyan shilling.
        Kes = "KES",
        /// Kyrgyzstani som.
        Kgs = "KGS",
        /// Cambodian riel.
        Khr = "KHR",
        /// Comoro franc.
        Kmf = "KMF",
        /// North Korean won.
        Kpw = "KPW",
        /// South Korean won.
        Krw = "KRW",
        /// Kuwaiti dinar.
        Kwd = "KWD",
        /// Cayman Islands dollar.
        Kyd = "KYD",
        /// Kazakhstani tenge.
        Kzt = "KZT",
        /// Lao kip.
        Lak = "LAK",
        /// Lebanese pound.
        Lbp = "LBP",
        /// Sri Lankan rupee.
        Lkr = "LKR",
        /// Liberian dollar.
        Lrd = "LRD",
        /// Lesotho loti.
        Lsl = "LSL",
        /// Libyan dinar.
        Lyd = "LYD",
        /// Moroccan dirham.
        Mad = "MAD",
        /// Moldovan leu.
        Mdl = "MDL",
        /// Malagasy ariary.
        Mga = "MGA",
        /// Macedonian denar.
        Mkd = "MKD",
        /// Myanmar kyat.
        Mmk = "MMK",
        /// Mongolian tögrög.
        Mnt = "MNT",
        /// Macanese pataca.
        Mop = "MOP",
        /// Mauritanian ouguiya.
        Mru = "MRU",
        /// Mauritian rupee.
        Mur = "MUR",
        /// Maldivian rufiyaa.
        Mvr = "MVR",
        /// Malawian kwacha.
        Mwk = "MWK",
        /// Mexican peso.
        Mxn = "MXN",
        /// Malaysian ringgit.
        Myr = "MYR",
        /// Mozambican metical.
        Mzn = "MZN",
        /// Namibian dollar.
        Nad = "NAD",
        /// Nigerian naira.
        Ngn = "NGN",
        /// Nicaraguan córdoba.
        Nio = "NIO",
        /// Norwegian krone.
        Nok = "NOK",
        /// Nepalese rupee.
        Npr = "NPR",
        /// New Zealand dollar.
        Nzd = "NZD",
        /// Omani rial.
        Omr = "OMR",
        /// Panamanian balboa.
        Pab = "PAB",
        /// Peruvian sol.
        Pen = "PEN",
        /// Papua New Guinean kina.
        Pgk = "PGK",
        /// Philippine peso.
        Php = "PHP",
        /// Pakistani rupee.
        Pkr = "PKR",
        /// Polish złoty.
        Pln = "PLN",
        /// Paraguayan guaraní.
        Pyg = "PYG",
        /// Qatari riyal.
        Qar = "QAR",
        /// Romanian leu.
        Ron = "RON",
        /// Serbian dinar.
        Rsd = "RSD",
        /// Russian ruble.
        Rub = "RUB",
        /// Rwandan franc.
        Rwf = "RWF",
        /// Saudi riyal.
        Sar = "SAR",
        /// Solomon Islands dollar.
        Sbd = "SBD",
        /// Seychelles rupee.
        Scr = "SCR",
        /// Sudanese pound.
        Sdg = "SDG",
        /// Swedish krona/kronor.
        Sek = "SEK",
        /// Singapore dollar.
        Sgd = "SGD",
        /// Saint Helena pound.
        Shp = "SHP",
        /// Sierra Leonean leone.
        Sle = "SLE",
        /// Somali shilling.
        Sos = "SOS",
        /// Surinamese dollar.
        Srd = "SRD",
        /// South Sudanese pound.
        Ssp = "SSP",
        /// São Tomé and Príncipe dobra.
        Stn = "STN",
        /// Salvadoran colón.
        Svc = "SVC",
        /// Syrian pound.
        Syp = "SYP",
        /// Swazi lilangeni.
        Szl = "SZL",
        /// Thai baht.
        Thb = "THB",
        /// Tajikistani somoni.
        Tjs = "TJS",
        /// Turkmenistan manat.
        Tmt = "TMT",
        /// Tunisian dinar.
        Tnd = "TND",
        /// Tongan paʻanga.
        Top = "TOP",
        /// Turkish lira.
        Try = "TRY",
        /// Trinidad and Tobago dollar.
        Ttd = "TTD",
        /// New Taiwan dollar.
        Twd = "TWD",
        /// Tanzanian shilling.
        Tzs = "TZS",
        /// Ukrainian hryvnia.
        Uah = "UAH",
        /// Ugandan shilling.
        Ugx = "UGX",
        /// United States dollar.
        Usd = "USD",
        /// Uruguayan peso.
        Uyu = "UYU",
        /// Uzbekistan som.
        Uzs = "UZS",
        /// Venezuelan bolívar soberano.
        Ved = "VED",
        /// Venezuelan bolívar soberano.
        Ves = "VES",
        /// Vietnamese đồng.
        Vnd = "VND",
        /// Vanuatu vatu.
        Vuv = "VUV",
        /// Samoan tala.
        Wst = "WST",
        /// CFA franc BEAC.
        Xaf = "XAF",
        /// East Caribbean dollar.
        Xcd = "XCD",
        /// Caribbean guilder.
        Xcg = "XCG",
        /// CFA franc BCEAO.
        Xof = "XOF",
        /// CFP franc (franc Pacifique).
        Xpf = "XPF",
        /// Yemeni rial.
        Yer = "YER",
        /// South African rand.
        Zar = "ZAR",
        /// Zambian kwacha.
        Zmw = "ZMW",
        /// Zimbabwe Gold.
        Zwg = "ZWG",
    }
}

impl Currency {
    /// How many digits its amounts have after the point.
    #[must_use]
    pub const fn digits(self) -> u32 {
        match self {
            Bif | Clp | Djf | Gnf | Isk | Jpy | Kmf | Krw | Pyg | Rwf | Ugx | Vnd | Vuv | Xaf | Xof | Xpf => 0,
            Bhd | Iqd | Jod | Kwd | Lyd | Omr | Tnd => 3,
            _ => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary as _;

    #[test]
    fn codes_are_of_the_standard_and_in_order() {
        let codes: Vec<&str> = Currency::ALL.iter().map(|currency| currency.word()).collect();
        assert_eq!(codes.len(), 155);
        assert!(codes.iter().all(|code| code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase())));
        assert!(codes.is_sorted_by(|one, next| one < next));
        for gone in ["XXX", "XTS", "XAU", "CHE", "CLF", "HRK"] {
            assert_eq!(Currency::of(gone), None);
        }
    }

    #[test]
    fn currencies_have_none_two_or_three_decimals() {
        let of = |digits| Currency::ALL.iter().filter(|currency| currency.digits() == digits).count();
        assert_eq!([of(0), of(2), of(3)], [16, 132, 7]);
        assert_eq!([Currency::Jpy, Currency::Eur, Currency::Kwd].map(Currency::digits), [0, 2, 3]);
    }
}
