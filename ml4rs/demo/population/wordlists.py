"""Invented people and places: given and family names of the world, institutions that do not exist."""

from dataclasses import dataclass


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


GIVEN = _listed(
    """
    Aarav Abena Adaeze Aïcha Ainhoa Akira Alejandra Amara Amina Anh Anneli Antonín Aroha Arjun Asha Ayşe Beatriz
    Bilal Björn Bożena Camila Chiara Chidi Daan Dilnoza Đorđe Eiríkur Elif Eszter Fatou Faisal Gabriela Georgi
    Giulia Hana Håkon Hiroshi Hye-jin Ifeoma Ignacio Ikram Ingrid Ioana Itziar Jamila Javier João Jun Kahu Kamala
    Karel Katarzyna Kwame Laila Léa Leilani Lucía Łukasz Mahlet Mai Malik Marit Mateo Mehdi Mei Mirza Moana Müge
    Nadia Naoko Ngozi Nils Nokuthula Noor Núria Óscar Oleksandr Özlem Pania Parisa Pedro Piotr Priya Quynh Rafael
    Ramón Rania Rūta Sanjay Sefa Selam Siobhán Sofía Søren Sunita Tāne Tanvi Thandiwe Thảo Tomasz Tomoko Ülle Umar
    Valentina Věra Wanjiru Wei Xóchitl Yara Yerlan Yusuf Zahra Zanele Žofia
    """
)
FAMILY = _listed(
    """
    Abdi Acheampong Adeyemi Aguirre Åkesson Al-Masri Álvarez Andersen Arslan Baptiste Bauer Bekele Benítez
    Björklund Bondarenko Castaño Chaudhary Chen Chikwanha Cissé Costa Csaba Dlamini Dvořák Eriksen Fa'asavalu
    Fernández Gebre Ghorbani González Grünwald Gutiérrez Haddad Hakimov Hernández Hoàng Horvát Ibáñez Ito Ivanova
    Jankowski Jónsdóttir Kamau Kapoor Karimi Kaya Kekana Kim Kovačević Kravchenko Kumar Lê Lindström Löwe
    MacDonagh Mahlangu Mäkelä Mensah Moreau Mwangi Nakamura Ncube Nguyễn Novák Núñez Nyambura O'Sullivan Odhiambo
    Okafor Olsen Öztürk Papadopoulou Park Patiño Pérez Petrović Phiri Popescu Quispe Rahman Ramírez Rossi Saïdi
    Sánchez Schäfer Sharma Silva Singh Sørensen Šťastný Suzuki Szabó Tāmati Tan Tesfaye Thapa Traoré Trần
    Tshabalala Vargas Vuković Wang Wójcik Yamada Yılmaz Zhang Zhuravlova Zulu
    """
)


@dataclass(frozen=True)
class Institution:
    """A university or laboratory that does not exist, near an airport that does."""

    name: str
    country: str
    airport: str
    domain: str


# Invented towns, each with a country and an airport that exist.
_TOWNS = """
Asankra GH ACC
Lomavilu BO LPB
Tarapani NP KTM
Järvelä FI HEL
Nordufer DE HAM
Belval FR LYS
Oued-Nour MA RAK
Kirimara KE NBO
Nilagiri IN BLR
Sông-Xanh VN SGN
Igarapé-Açu BR MAO
Wattlebrook AU MEL
Moanawai NZ WLG
Karoopoort ZA CPT
Yukimura JP CTS
Hanbit KR ICN
Kékvíz HU BUD
Wschodnia PL WAW
Volcanes EC UIO
Prairieview US DEN
Bayhaven US SFO
Rivière-Haute CA YUL
Gökpınar TR ESB
Almaqum KZ ALA
Awashira ET ADD
Ndar-Gèej SN DSS
Maresia PT LIS
Fjordheim NO BGO
Hochtal CH ZRH
Zhushan CN CAN
Selatan SG SIN
Pulauan ID CGK
Nodipur BD DAC
Zagrospur IR IKA
Wadi-Nur EG CAI
Sonnberg AT VIE
Waterkant NL AMS
Montebruma CR SJO
Vientosur CL PUQ
Loughrea-Mór IE DUB
"""
_KINDS = {
    "uni": "University of {}",
    "tech": "{} Institute of Technology",
    "lab": "{} Remote Sensing Laboratory",
    "acad": "Academy of Sciences of {}",
    "geo": "{} Centre for Geodata",
    "works": "{} Orbital Works",
}


def _institutions() -> tuple[Institution, ...]:
    """Six in each town: enough that people of one paper's institution are few."""
    found = []
    for number, row in enumerate(_TOWNS.split("\n")[1:-1]):
        town, country, airport = row.rsplit(" ", 2)
        for short, pattern in _KINDS.items():
            domain = f"{short}{number}.example"
            found.append(Institution(pattern.format(town), country, airport, domain))
    return tuple(found)


INSTITUTIONS = _institutions()
