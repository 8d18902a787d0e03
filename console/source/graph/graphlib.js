// What dagre needs of @dagrejs/graphlib, and no more of it: the build puts this in the library's place, which saves a page
// from carrying shortest paths and spanning trees that it never asks for.
import Graph from "@dagrejs/graphlib/lib/graph";
import postorder from "@dagrejs/graphlib/lib/alg/postorder";
import preorder from "@dagrejs/graphlib/lib/alg/preorder";

export { Graph };
export const alg = { preorder, postorder };
