package org.widthwise.spark;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** The task of one trial, of which it gets the digest. */
final class TrialTask extends AbstractFunction1<Iterator<String>, TaskReport>
    implements Serializable {

  private static final long serialVersionUID = 1;

  private final Broadcast<TrialSite> site;

  TrialTask(Broadcast<TrialSite> site) {
    this.site = site;
  }

  @Override
  public TaskReport apply(Iterator<String> digest) {
    return site.value().run(digest.next(), TaskContext.get());
  }
}
