// json-server as a program: serves FILE on 127.0.0.1:PORT and logs every request once it is answered.
// Its own command line answers a write before it is in the file; used as a module it does not.
const jsonServer = require("json-server");

const [port, file] = process.argv.slice(2);
const server = jsonServer.create();
server.use(jsonServer.defaults({ bodyParser: true }));
server.use(jsonServer.router(file));
server.listen(Number(port), "127.0.0.1", () => console.log("json-server listens"));
