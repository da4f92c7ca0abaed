// A connector drafted from $metadata: it loads, says what was found, and leaves to a person what cannot be known.
#include "report/discover.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace entente::report {
namespace {

constexpr std::string_view head =
    R"(<edmx:Edmx Version="4.0" xmlns:edmx="e"><edmx:DataServices><Schema Namespace="D">)";
constexpr std::string_view tail = "</Schema></edmx:DataServices></edmx:Edmx>";

constexpr std::string_view depot = R"xml(
  <EntityType Name="Customer"><Key><PropertyRef Name="ID"/></Key>
    <Property Name="ID" Type="Edm.Guid" Nullable="false"/>
    <Property Name="Name" Type="Edm.String" Nullable="false" MaxLength="80"/>
    <Property Name="Rank" Type="Edm.Int32" Nullable="false"/>
    <Property Name="E-mail" Type="Edm.String"/>
    <Property Name="Credit" Type="Edm.Decimal" Scale="2"/>
    <Property Name="Kind" Type="D.Kind"/>
    <Property Name="Address" Type="D.Address"/>
    <Property Name="Tags" Type="Collection(Edm.String)"/>
    <Property Name="Photo" Type="Edm.Stream"/></EntityType>
  <ComplexType Name="Address"><Property Name="City" Type="Edm.String" MaxLength="40"/></ComplexType>
  <EnumType Name="Kind"><Member Name="Company"/><Member Name="no"/></EnumType>
  <EntityType Name="Pair"><Key><PropertyRef Name="A"/><PropertyRef Name="B"/></Key>
    <Property Name="A" Type="Edm.Int32"/><Property Name="B" Type="Edm.Int32"/></EntityType>
  <EntityContainer Name="C"><EntitySet Name="Customers" EntityType="D.Customer"/>
    <EntitySet Name="connector" EntityType="D.Pair"/><EntitySet Name="ProductSet" EntityType="D.Pair"/>
  </EntityContainer>
  <Annotations Target="D.C/Customers"><Annotation Term="Core.OptimisticConcurrency"/></Annotations>)xml";

Discovered drafted(std::string_view schema, const std::string& system = "Depot") {
    auto metadata =
        model::read_metadata(std::string(head) + std::string(schema) + std::string(tail));
    EXPECT_TRUE(metadata) << metadata.error().text;
    return draft_of({.url = "https://depot.example/odata",
                     .host = "depot.example",
                     .system = system,
                     .metadata = *std::move(metadata),
                     .header = "X-Key",
                     .variable = "DEPOT_LOGIN",
                     .catalog = model::shipped_catalog()});
}

std::string text_of(const Discovered& made, std::string_view path) {
    const auto file = std::ranges::find(made.files, path, &model::SourceFile::path);
    EXPECT_NE(file, made.files.end()) << path;
    return file == made.files.end() ? "" : file->text;
}

// As `check` loads it.
model::LoadResult loaded(const Discovered& made) {
    model::LoadInput input{.workspace = made.files.front()};
    const auto shipped = model::shipped_catalog();
    input.catalog.assign(shipped.begin(), shipped.end());
    input.overlay.assign(made.files.begin() + 1, made.files.end());
    return model::load(input);
}

void expect_loads(const Discovered& made) {
    const auto result = loaded(made);
    std::string said;
    for (const auto& diagnostic : result.diagnostics) said += diagnostic.text() + "\n";
    EXPECT_TRUE(result.workspace.has_value()) << said;
    EXPECT_NE(said.find("reviewed"), std::string::npos) << "nothing runs before a person looked";
}

TEST(Discover, drafts_what_the_service_says) {
    const Discovered made = drafted(depot);
    expect_loads(made);
    EXPECT_EQ(made.connector, "depot");
    EXPECT_EQ(made.resources, 3u);
    EXPECT_EQ(made.mapped, 1u) << "a key of two parts tells no record apart";
    const std::string customers = text_of(made, "catalog/connectors/depot/customers.yaml");
    for (const char* line :
         {"path: /Customers\n", "key: {property: ID, type: guid}\n",
          "  Name: {type: text, max: 80, required: true}\n", "  E-mail: {type: text}\n",
          "  Rank: {type: integer}  # required: true, once it is mapped",
          "  Credit: {type: decimal, digits: 2}\n",
          "  Kind: {type: code, values: [Company, \"no\"]}\n",
          "  Address.City: {type: text, max: 40}\n", "  # Tags: a list of Edm.String\n",
          "  # Photo: Edm.Stream\n", "    model: organisation  # told by its name\n",
          "      name: Name\n", "      email: E-mail\n", "      address.city: Address.City\n",
          "# The service says that its records have a version.\n"}) {
        EXPECT_NE(customers.find(line), std::string::npos) << line << "\n" << customers;
    }
}

TEST(Discover, never_writes_the_login_and_names_where_it_is_read) {
    const Discovered made = drafted(depot);
    EXPECT_NE(text_of(made, "entente.yaml").find("auth: {login: \"${DEPOT_LOGIN}\"}"),
              std::string::npos);
    const std::string connector = text_of(made, "catalog/connectors/depot/connector.yaml");
    EXPECT_NE(connector.find("auth: {header: X-Key, value: \"{login}\", needs: [login]}"),
              std::string::npos);
    EXPECT_NE(connector.find("\nversion: {precondition: If-Match}\n"), std::string::npos);
    EXPECT_NE(connector.find("hosts: [depot.example]"), std::string::npos);
}

// A draft under the name of a shipped connector would change that one.
TEST(Discover, takes_no_name_of_a_shipped_connector) {
    const Discovered made = drafted(depot, "Custom ERP");
    EXPECT_EQ(made.connector, "custom-erp-2");
    expect_loads(made);
}

TEST(Discover, of_version_2_has_its_literals_and_types) {
    auto metadata = model::read_metadata(
        R"(<edmx:Edmx Version="1.0" xmlns:edmx="e"><edmx:DataServices><Schema Namespace="D">)"
        R"(<EntityType Name="P"><Key><PropertyRef Name="Code"/></Key>)"
        R"(<Property Name="Code" Type="Edm.String"/><Property Name="Price" Type="Edm.Decimal" Scale="2"/>)"
        R"(<Property Name="Since" Type="Edm.DateTime"/></EntityType>)"
        R"(<EntityContainer Name="C"><EntitySet Name="Products" EntityType="D.P"/></EntityContainer>)"
        R"(</Schema></edmx:DataServices></edmx:Edmx>)");
    const Discovered made = draft_of({.url = "https://old.example/svc",
                                      .host = "old.example",
                                      .system = "Old",
                                      .metadata = *std::move(metadata),
                                      .catalog = model::shipped_catalog()});
    expect_loads(made);
    EXPECT_NE(text_of(made, "catalog/connectors/old/connector.yaml").find("protocol: odata-v2\n"),
              std::string::npos);
    const std::string products = text_of(made, "catalog/connectors/old/products.yaml");
    EXPECT_NE(products.find("  Price: {type: decimal_text, digits: 2}\n"), std::string::npos);
    EXPECT_NE(products.find("  Since: {type: instant}  # or odata_date, if it is a day\n"),
              std::string::npos);
}

// Names that mean something to YAML, or that are no names at all.
TEST(Discover, survives_odd_names) {
    expect_loads(drafted(
        R"(<EntityType Name="T"><Key><PropertyRef Name="yes"/></Key><Property Name="yes" Type="Edm.Int64"/>)"
        R"(<Property Name="a: b" Type="Edm.String"/><Property Name="" Type="Edm.String"/>)"
        R"(<Property Name="{x}" Type="Edm.String"/></EntityType>)"
        R"(<EntityContainer Name="C"><EntitySet Name="#1 '{s}'" EntityType="D.T"/>)"
        R"(<EntitySet Name="gone" EntityType="D.None"/></EntityContainer>)",
        "../x: y"));
}

}  // namespace
}  // namespace entente::report
