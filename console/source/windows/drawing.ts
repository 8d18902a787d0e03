// Events and watermark on a canvas: event time from left to right, arrival from the top (now) downwards.
import { colour } from "../theme/theme";
import type { SeenEvent } from "./panes";
import { viewMs, type WatermarkPoint } from "./recording";

export interface Scene {
  beginMs: number;
  endMs: number;
  paneMs: number;
  nowMs: number;
  events: readonly SeenEvent[];
  watermarks: readonly WatermarkPoint[];
}

const dotRadius = 2.4;

export function draw(canvas: HTMLCanvasElement, width: number, height: number, scene: Scene) {
  const ratio = devicePixelRatio;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d")!;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const x = (time: number) => ((time - scene.beginMs) / (scene.endMs - scene.beginMs)) * width;
  const y = (at: number) => ((scene.nowMs - at) / viewMs) * height;
  drawPanes(pen, scene, x, height);
  drawWatermark(pen, scene, x, y);
  for (const event of scene.events) drawEvent(pen, event, x(event.eventMs), y(event.arrivedMs));
}

type Scale = (value: number) => number;

function drawPanes(pen: CanvasRenderingContext2D, scene: Scene, x: Scale, height: number) {
  pen.strokeStyle = colour("hairline");
  pen.lineWidth = 1;
  for (let begin = scene.beginMs; begin <= scene.endMs; begin += scene.paneMs) {
    pen.beginPath();
    pen.moveTo(Math.round(x(begin)) + 0.5, 0);
    pen.lineTo(Math.round(x(begin)) + 0.5, height);
    pen.stroke();
  }
}

/** Everything to the left of the line is closed or closing: shaded, so that the eye sees where time has been. */
function drawWatermark(pen: CanvasRenderingContext2D, scene: Scene, x: Scale, y: Scale) {
  const points = scene.watermarks.map(({ atMs, watermarkMs }) => ({ x: x(watermarkMs), y: y(atMs) }));
  const oldest = points[0];
  const newest = points[points.length - 1];
  if (oldest === undefined || newest === undefined) return;
  points.push({ x: newest.x, y: 0 });
  pen.fillStyle = colour("shade");
  pen.beginPath();
  pen.moveTo(-2, oldest.y);
  for (const point of points) pen.lineTo(point.x, point.y);
  pen.lineTo(-2, 0);
  pen.fill();
  pen.strokeStyle = colour("ink");
  pen.lineWidth = 1.6;
  pen.beginPath();
  points.forEach((point, index) => (index === 0 ? pen.moveTo(point.x, point.y) : pen.lineTo(point.x, point.y)));
  pen.stroke();
}

function drawEvent(pen: CanvasRenderingContext2D, event: SeenEvent, x: number, y: number) {
  if (event.verdict === "late") {
    pen.strokeStyle = colour("accent");
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x - 4, y - 4);
    pen.lineTo(x + 4, y + 4);
    pen.moveTo(x + 4, y - 4);
    pen.lineTo(x - 4, y + 4);
    pen.stroke();
    return;
  }
  pen.beginPath();
  pen.arc(x, y, dotRadius, 0, 2 * Math.PI);
  pen.fillStyle = pen.strokeStyle = colour("muted");
  pen.lineWidth = 1.2;
  if (event.verdict === "behind") pen.stroke();
  else pen.fill();
}
