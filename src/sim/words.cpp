#include "sim/words.hpp"

namespace entente::sim::words {
namespace {

using Word = std::string_view;

constexpr Word nl_forms[] = {"B.V.", "BV", "V.O.F."};
constexpr Word de_forms[] = {"GmbH", "AG", "GmbH & Co. KG"};
constexpr Word be_forms[] = {"BV", "NV", "SA"};
constexpr Word no_forms[] = {"AS", "ASA"};
constexpr Word se_forms[] = {"AB"};
constexpr Word dk_forms[] = {"ApS", "A/S"};
constexpr Word fr_forms[] = {"SARL", "SAS", "SA"};
constexpr Word at_forms[] = {"GmbH", "KG"};
constexpr Word es_forms[] = {"S.L.", "S.A."};
constexpr Word it_forms[] = {"S.r.l.", "S.p.A."};

constexpr Word nl_streets[] = {"Keizersgracht %", "Dorpsstraat %",  "Stationsweg %", "Havenkade %",
                               "Nieuwe Markt %",  "Industrieweg %", "Beatrixlaan %"};
constexpr Word de_streets[] = {"Hauptstraße %",     "Bahnhofstraße %", "Am Markt %", "Gartenweg %",
                               "Industriestraße %", "Schillerplatz %", "Mühlenweg %"};
constexpr Word be_streets[] = {"Kerkstraat %",  "Rue de la Gare %", "Grote Markt %",
                               "Molenstraat %", "Avenue Louise %",  "Steenweg %"};
constexpr Word no_streets[] = {"Storgata %",   "Kirkeveien %", "Strandgaten %",
                               "Fjordveien %", "Havnegata %",  "Industriveien %"};
constexpr Word se_streets[] = {"Storgatan %", "Kungsgatan %",    "Hamngatan %",
                               "Skolvägen %", "Industrigatan %", "Björkvägen %"};
constexpr Word dk_streets[] = {"Nørregade %", "Havnevej %",  "Skovvej %",
                               "Møllegade %", "Østergade %", "Industrivej %"};
constexpr Word fr_streets[] = {"% rue de la République", "% avenue Victor Hugo",
                               "% rue du Moulin",        "% boulevard Saint-Michel",
                               "% place du Marché",      "% quai des Brumes"};
constexpr Word at_streets[] = {"Mariahilfer Straße %", "Lindengasse %", "Ringstraße %",
                               "Alpenweg %", "Donaulände %"};
constexpr Word es_streets[] = {"Calle Mayor %", "Avenida de la Paz %", "Calle del Sol %",
                               "Paseo Marítimo %", "Plaza Nueva %"};
constexpr Word it_streets[] = {"Via Roma %", "Corso Garibaldi %", "Via Verdi %", "Piazza Dante %",
                               "Viale Europa %"};

constexpr Place nl_places[] = {{"Amsterdam", "10## @@"}, {"Rotterdam", "30## @@"},
                               {"Utrecht", "35## @@"},   {"Eindhoven", "56## @@"},
                               {"Zwolle", "80## @@"},    {"Breda", "48## @@"}};
constexpr Place de_places[] = {{"Berlin", "10###"}, {"Hamburg", "20###"}, {"München", "80###"},
                               {"Köln", "50###"},   {"Leipzig", "04###"}, {"Bremen", "28###"}};
constexpr Place be_places[] = {{"Gent", "90##"},
                               {"Antwerpen", "20##"},
                               {"Liège", "40##"},
                               {"Leuven", "30##"},
                               {"Namur", "50##"}};
constexpr Place no_places[] = {{"Oslo", "01##"},
                               {"Bergen", "50##"},
                               {"Tromsø", "90##"},
                               {"Ålesund", "60##"},
                               {"Bodø", "80##"}};
constexpr Place se_places[] = {{"Stockholm", "11# ##"},
                               {"Göteborg", "41# ##"},
                               {"Malmö", "21# ##"},
                               {"Uppsala", "75# ##"},
                               {"Växjö", "35# ##"}};
constexpr Place dk_places[] = {{"København", "21##"},
                               {"Aarhus", "80##"},
                               {"Odense", "50##"},
                               {"Esbjerg", "67##"},
                               {"Helsingør", "30##"}};
constexpr Place fr_places[] = {{"Paris", "75###"}, {"Lyon", "69###"},     {"Nîmes", "30###"},
                               {"Lille", "59###"}, {"Bordeaux", "33###"}, {"Orléans", "45###"}};
constexpr Place at_places[] = {
    {"Wien", "10##"}, {"Graz", "80##"}, {"Linz", "40##"}, {"Salzburg", "50##"}};
constexpr Place es_places[] = {
    {"Madrid", "28###"}, {"Sevilla", "41###"}, {"Málaga", "29###"}, {"Bilbao", "48###"}};
constexpr Place it_places[] = {
    {"Milano", "20###"}, {"Torino", "10###"}, {"Bologna", "40###"}, {"Verona", "37###"}};

constexpr Country all_countries[] = {
    {"NL", "EUR", "NL#########B0#", "31", 9, nl_forms, nl_streets, nl_places},
    {"DE", "EUR", "DE#########", "49", 10, de_forms, de_streets, de_places},
    {"BE", "EUR", "BE0#########", "32", 8, be_forms, be_streets, be_places},
    {"NO", "NOK", "NO#########MVA", "47", 8, no_forms, no_streets, no_places},
    {"SE", "SEK", "SE##########01", "46", 9, se_forms, se_streets, se_places},
    {"DK", "DKK", "DK########", "45", 8, dk_forms, dk_streets, dk_places},
    {"FR", "EUR", "FR###########", "33", 9, fr_forms, fr_streets, fr_places},
    {"AT", "EUR", "ATU########", "43", 10, at_forms, at_streets, at_places},
    {"ES", "EUR", "ESB########", "34", 9, es_forms, es_streets, es_places},
    {"IT", "EUR", "IT###########", "39", 10, it_forms, it_streets, it_places},
};

constexpr Word all_families[] = {
    "Van Dijk",  "De Vries",    "Jansen",     "Bakker",     "Van den Berg", "Visser",
    "Smit",      "Meijer",      "De Boer",    "Mulder",     "Bos",          "Vos",
    "Peeters",   "Hendriks",    "Dekker",     "Brouwer",    "Müller",       "Schmidt",
    "Schneider", "Fischer",     "Weber",      "Wagner",     "Becker",       "Hoffmann",
    "Schäfer",   "Koch",        "Bauer",      "Richter",    "Klein",        "Wolf",
    "Schröder",  "Neumann",     "Zimmermann", "Krüger",     "Hartmann",     "Köhler",
    "Maes",      "Claes",       "Lambert",    "Dubois",     "Hansen",       "Johansen",
    "Olsen",     "Larsen",      "Sjøberg",    "Kvåle",      "Halvorsen",    "Nordmann",
    "Lindqvist", "Andersson",   "Bergström",  "Lundgren",   "Åkesson",      "Öberg",
    "Sandström", "Nyström",     "Jensen",     "Nielsen",    "Østergaard",   "Møller",
    "Kjærgaard", "Rasmussen",   "Thomsen",    "Holm",       "Lefèvre",      "Moreau",
    "Girard",    "Béranger",    "Fournier",   "Rousseau",   "Mercier",      "Chevalier",
    "Huber",     "Gruber",      "Steiner",    "Moser",      "García",       "Fernández",
    "López",     "Núñez",       "Ibáñez",     "Navarro",    "Rossi",        "Bianchi",
    "Ferrari",   "Colombo",     "Ricci",      "Marino",     "Conti",        "Moretti",
    "Nordlys",   "Polaris",     "Aurora",     "Baltica",    "Meridian",     "Zenith",
    "Arcadia",   "Solaris",     "Novum",      "Vertex",     "Delta",        "Orion",
    "Helix",     "Kompass",     "Hansa",      "Viking",     "Alpina",       "Rhenus",
    "Danubia",   "Borealis",    "Estrella",   "Fjordkraft", "Tre Kronor",   "Zuiderzee",
    "Noordzee",  "Schwarzwald", "Ardenne",    "Provence",   "Lombarda",     "Catalana",
    "Tivoli",    "Saturn"};

constexpr Word all_trades[] = {
    "Logistics",   "Bakery",    "Foods",      "Seafood",     "Textiles",  "Furniture",
    "Electronics", "Tools",     "Printing",   "Packaging",   "Chemicals", "Plastics",
    "Metalworks",  "Timber",    "Paper",      "Ceramics",    "Optics",    "Instruments",
    "Pharma",      "Cosmetics", "Coffee",     "Wines",       "Brewery",   "Dairy",
    "Flowers",     "Seeds",     "Machinery",  "Marine",      "Cycles",    "Motors",
    "Energy",      "Solar",     "Lighting",   "Heating",     "Plumbing",  "Roofing",
    "Flooring",    "Kitchens",  "Interiors",  "Gardens",     "Toys",      "Books",
    "Music",       "Sports",    "Outdoor",    "Footwear",    "Fashion",   "Leather",
    "Jewellery",   "Software",  "Consulting", "Engineering", "Security",  "Cleaning",
    "Catering",    "Hotels",    "Travel",     "Media",       "Design",    "Laboratories"};

constexpr Word all_mailboxes[] = {"info",       "office",  "sales",          "orders",
                                  "purchasing", "contact", "administration", "finance"};

constexpr Word all_materials[] = {
    "Oak",    "Beech",  "Walnut", "Birch",     "Steel",    "Brass",   "Copper",  "Aluminium",
    "Glass",  "Linen",  "Cotton", "Wool",      "Leather",  "Ceramic", "Granite", "Marble",
    "Bamboo", "Cork",   "Rubber", "Canvas",    "Felt",     "Silk",    "Slate",   "Concrete",
    "Paper",  "Rattan", "Enamel", "Porcelain", "Titanium", "Zinc"};
constexpr Word all_qualities[] = {
    "Classic",    "Compact",   "Folding",    "Stackable",    "Nordic",    "Rustic",
    "Modern",     "Slim",      "Heavy-Duty", "Lightweight",  "Portable",  "Adjustable",
    "Reversible", "Insulated", "Polished",   "Brushed",      "Hand-Made", "Vintage",
    "Premium",    "Everyday",  "Junior",     "Professional", "Garden",    "Marine",
    "Winter",     "Summer",    "Travel",     "Studio",       "Workshop",  "Kitchen"};
constexpr Word all_goods[] = {"Table",
                              "Chair",
                              "Bench",
                              "Shelf",
                              "Lamp",
                              "Vase",
                              "Bowl",
                              "Tray",
                              "Mug",
                              "Teapot",
                              "Kettle",
                              "Pan",
                              "Knife Block",
                              "Cutting Board",
                              "Bread Bin",
                              "Basket",
                              "Storage Box",
                              "Drawer",
                              "Hook",
                              "Mirror",
                              "Frame",
                              "Clock",
                              "Cushion",
                              "Blanket",
                              "Curtain",
                              "Rug",
                              "Towel",
                              "Apron",
                              "Bag",
                              "Rucksack",
                              "Wallet",
                              "Belt",
                              "Notebook",
                              "Pen Holder",
                              "Desk Mat",
                              "Planter",
                              "Watering Can",
                              "Bird House",
                              "Lantern",
                              "Candle Holder",
                              "Doormat",
                              "Coat Rack",
                              "Stool",
                              "Ladder",
                              "Toolbox",
                              "Hammer",
                              "Screwdriver Set",
                              "Bicycle Bell",
                              "Saddle",
                              "Thermos"};
constexpr Word all_variants[] = {
    "20 cm",       "40 cm",      "60 cm",    "80 cm",    "120 cm",   "Small", "Medium", "Large",
    "Extra Large", "Black",      "White",    "Grey",     "Blue",     "Green", "Red",    "Yellow",
    "Natural",     "Anthracite", "Set of 2", "Set of 4", "Set of 6", "0.5 l", "1 l",    "2 l",
    "Left",        "Right",      "Round",    "Square",   "Oval",     "Refill"};

constexpr Word all_comments[] = {"Deliver before noon",
                                 "Leave at the back door",
                                 "Call before delivery",
                                 "Gift wrapping please",
                                 "Partial delivery is fine",
                                 "Invoice by post",
                                 "Use the loading dock",
                                 "Fragile, handle with care",
                                 "Ring twice",
                                 "Deliver to reception",
                                 "No delivery on Friday",
                                 "Combine with the previous order",
                                 "Urgent",
                                 "Sample order",
                                 "Attach the safety sheet",
                                 "Pallet must be returned"};

constexpr Word all_people[] = {"Ingrid", "Pieter", "Sofie",  "Lukas",  "Amélie", "Jürgen",
                               "Marta",  "Bjørn",  "Chiara", "Anders", "Noor",   "Émile"};

}  // namespace

std::span<const Country> countries() {
    return all_countries;
}
std::span<const std::string_view> families() {
    return all_families;
}
std::span<const std::string_view> trades() {
    return all_trades;
}
std::span<const std::string_view> mailboxes() {
    return all_mailboxes;
}
std::span<const std::string_view> materials() {
    return all_materials;
}
std::span<const std::string_view> qualities() {
    return all_qualities;
}
std::span<const std::string_view> goods() {
    return all_goods;
}
std::span<const std::string_view> variants() {
    return all_variants;
}
std::span<const std::string_view> comments() {
    return all_comments;
}
std::span<const std::string_view> people() {
    return all_people;
}

}  // namespace entente::sim::words
