// An OData v4 service as a program: serves the metadata and the records of the folder DATA at 127.0.0.1:PORT/odata, and logs every
// request once it is answered. Every change must name the version that it is made upon.
const http = require("http");
const path = require("path");
const Service = require("@sap-ux/fe-mockserver-core").default;

const [port, data] = process.argv.slice(2);
const service = new Service({
  services: [
    {
      urlPath: "/odata",
      metadataPath: path.join(data, "metadata.xml"),
      mockdataPath: data,
      validateETag: true,
      forceNullableValuesToNull: true,
      logger: { error() {}, warn() {}, info() {}, debug() {} },
    },
  ],
});
service.isReady.then(() => {
  const router = service.getRouter();
  const listener = http.createServer((request, response) => {
    response.on("finish", () => console.log(`${request.method} ${request.url} ${response.statusCode}`));
    router(request, response, () => response.writeHead(404).end("{}"));
  });
  listener.listen(Number(port), "127.0.0.1", () => console.log("the OData service listens"));
});
